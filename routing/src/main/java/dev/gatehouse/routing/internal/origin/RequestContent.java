package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The content of one request as the client sends it. As long as it is short it is kept, so that it can be sent again.
 * Belongs to the thread of its call.
 */
final class RequestContent {

    /** How much is kept: most messages of remote procedure calls and most forms. */
    static final int MAX_KEPT_BYTES = 16 * 1024;

    private final HttpExchange exchange;
    private final RequestFraming framing;
    private final Runnable clientSent;
    private final TargetCall call;

    private byte[] kept = new byte[0];
    private int keptLength;
    private int replayed;
    private boolean forgotten;
    private long remaining;
    private boolean atEnd;
    private boolean waitingForClient;

    /**
     * Makes the content.
     *
     * @param call whose request it is
     * @param clientSent what to do on the thread of the call when there is more after {@link #read} has returned 0
     */
    RequestContent(TargetCall call, Runnable clientSent) {
        this.call = call;
        this.clientSent = clientSent;
        exchange = call.exchange();
        framing = call.framing();
        remaining = framing.length();
        atEnd = framing.kind() == RequestFraming.Kind.NONE;
    }

    /** Reads what there is, as {@link HttpExchange#read} does, from the beginning again after {@link #rewind}. */
    int read(ByteBuffer into) throws IOException {
        if (replayed < keptLength) {
            int count = Math.min(into.remaining(), keptLength - replayed);
            into.put(kept, replayed, count);
            replayed += count;
            return count;
        }
        if (atEnd) {
            return -1;
        }
        if (waitingForClient) {
            return 0;
        }
        int start = into.position();
        int count = framing.kind() == RequestFraming.Kind.LENGTH ? readPlain(into) : exchange.read(into);
        if (count > 0) {
            call.pace().received(count);
            keep(into, start, count);
        }
        atEnd |= count < 0;
        return count;
    }

    private int readPlain(ByteBuffer into) throws IOException {
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + remaining));
        int count = exchange.read(into);
        into.limit(limit);
        if (count < 0) {
            throw new EOFException("the content ended " + remaining + " bytes before its Content-Length");
        }
        remaining -= count;
        atEnd = remaining == 0;
        return count;
    }

    private void keep(ByteBuffer source, int from, int count) {
        if (forgotten) {
            return;
        }
        if (keptLength + count > MAX_KEPT_BYTES) {
            forget();
            return;
        }
        if (keptLength + count > kept.length) {
            byte[] larger = new byte[Math.max(keptLength + count, Math.min(2 * kept.length, MAX_KEPT_BYTES))];
            System.arraycopy(kept, 0, larger, 0, keptLength);
            kept = larger;
        }
        source.get(from, kept, keptLength, count);
        keptLength += count;
        replayed = keptLength;
    }

    /** Asks for the call back when the client has sent more. */
    void awaitClient() {
        if (!waitingForClient) {
            waitingForClient = true;
            call.pace().waits(call.loop().now());
            exchange.whenReadable(() -> call.later(() -> {
                waitingForClient = false;
                call.pace().goesOn(call.loop().now());
                clientSent.run();
            }));
        }
    }

    /** Whether everything has been read. */
    boolean isAtEnd() {
        return atEnd && replayed == keptLength;
    }

    /** The trailers that follow the content; none before its end. */
    HttpFields trailers() {
        return atEnd ? OriginFields.trailers(exchange) : HttpFields.empty();
    }

    /** Whether the content can be read from its beginning again. */
    boolean canRewind() {
        return !forgotten;
    }

    void rewind() {
        replayed = 0;
    }

    /** The request will not be sent again. */
    void forget() {
        forgotten = true;
        if (replayed == keptLength) {
            kept = new byte[0];
            keptLength = 0;
            replayed = 0;
        }
    }
}
