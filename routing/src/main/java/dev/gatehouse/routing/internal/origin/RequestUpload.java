package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.http1.RequestEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request over one connection: the head, then the content as fast as the origin takes it and the client sends
 * it. It holds one buffer, and none while the client is silent. Belongs to the thread of its call.
 */
final class RequestUpload {

    private static final byte[] CHUNKED_HEAD_END = ascii("Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] CRLF = ascii("\r\n");

    /** Four digits and a line end: no chunk is larger than a buffer, and leading zeros are allowed. */
    private static final int CHUNK_HEAD_BYTES = 6;

    /** Below this much room the buffer is sent before more is read. */
    private static final int WORTHWHILE_BYTES = 4 * 1024;

    private static final int MAX_TURNS = 16;

    private final OriginCall call;
    private final HttpExchange exchange;
    private final Http1Connection connection;
    private final RequestFraming framing;

    /** Sent before the buffer: what does not fit into it. */
    private @Nullable ByteBuffer first;

    private @Nullable ByteBuffer buffer;
    private long remaining;
    private boolean sentAnything;
    private boolean contentConsumed;
    private boolean waitingForContinue;
    private boolean waitingForClient;
    private boolean allRead;
    private boolean complete;
    private boolean over;

    RequestUpload(OriginCall call, Http1Connection connection) {
        this.call = call;
        this.connection = connection;
        exchange = call.exchange();
        framing = call.framing();
        remaining = framing.length();
        waitingForContinue = framing.expectsContinue();
    }

    /** Sends the head, in one write with as much content as there is already. */
    void begin() {
        RequestEncoder head = call.encoder().head(call.method(), exchange.requestTarget(), originFields());
        ByteBuffer out = call.loop().buffers().acquire();
        buffer = out;
        if (head.length() > out.capacity() / 2) {
            first = copy(head);
        } else {
            head.copyTo(out);
        }
        try {
            endHead(out);
        } catch (IOException failed) {
            call.clientFailed(failed);
            return;
        }
        out.flip();
        pump();
    }

    private HttpFields originFields() {
        HttpFields fields = call.withUpgrade(OriginFields.forHttp1(call.exchange()));
        return waitingForContinue
                ? fields.toBuilder().add("Expect", "100-continue").build()
                : fields;
    }

    private void endHead(ByteBuffer out) throws IOException {
        switch (framing.kind()) {
            case NONE -> endHeadWithoutContent(out);
            case LENGTH -> {
                out.put(ascii("Content-Length: " + remaining + "\r\n\r\n"));
                fillUnlessExpected(out);
            }
            case CHUNKED -> {
                out.put(CHUNKED_HEAD_END);
                fillUnlessExpected(out);
            }
            case TO_BE_SEEN -> {
                int headEnd = out.position();
                out.put(CHUNKED_HEAD_END);
                fill(out);
                if (allRead && !contentConsumed && exchange.requestTrailers().size() == 0) {
                    endHeadWithoutContent(out.position(headEnd));
                }
            }
        }
    }

    private void endHeadWithoutContent(ByteBuffer out) {
        allRead = true;
        if (framing.announcesEmptyContent()) {
            out.put(ascii("Content-Length: 0\r\n"));
        }
        out.put(CRLF);
    }

    private void fillUnlessExpected(ByteBuffer out) throws IOException {
        if (!waitingForContinue) {
            fill(out);
        }
    }

    /** Goes on wherever it stopped; does nothing when there is nothing to go on with. */
    void pump() {
        for (int turn = 0; !over; turn++) {
            try {
                if (!drain()) {
                    call.requestWaitsFor(Wait.REQUEST_SENT);
                    return;
                }
            } catch (IOException failed) {
                over = true;
                call.sendFailed();
                return;
            }
            if (allRead) {
                over = true;
                complete = true;
                releaseBuffer();
                call.requestSent();
                return;
            }
            if (waitingForContinue) {
                releaseBuffer();
                call.requestWaitsFor(Wait.CONTINUE);
                return;
            }
            if (waitingForClient) {
                return;
            }
            if (turn == MAX_TURNS) {
                call.later(this::pump);
                return;
            }
            if (!refill()) {
                return;
            }
        }
    }

    /** Sends what is there; false if the origin does not take it all. */
    private boolean drain() throws IOException {
        return drain(first) && drain(buffer);
    }

    private boolean drain(@Nullable ByteBuffer bytes) throws IOException {
        while (bytes != null && bytes.hasRemaining()) {
            if (connection.write(bytes) == 0) {
                connection.wantWrite(true);
                return false;
            }
            sentAnything = true;
            call.progressed();
        }
        connection.wantWrite(false);
        return true;
    }

    private boolean refill() {
        ByteBuffer out = buffer;
        if (out == null) {
            out = call.loop().buffers().acquire();
            buffer = out;
        }
        out.clear();
        first = null;
        try {
            fill(out);
        } catch (IOException failed) {
            call.clientFailed(failed);
            return false;
        }
        out.flip();
        if (out.hasRemaining() || first != null || allRead) {
            return true;
        }
        releaseBuffer();
        waitingForClient = true;
        call.pace().waits(call.loop().now());
        call.requestWaitsFor(Wait.REQUEST_CONTENT);
        exchange.whenReadable(() -> call.later(this::clientSent));
        return false;
    }

    private void clientSent() {
        waitingForClient = false;
        call.pace().goesOn(call.loop().now());
        pump();
    }

    private void fill(ByteBuffer out) throws IOException {
        boolean more = true;
        while (more && !allRead && out.remaining() >= WORTHWHILE_BYTES) {
            more = framing.kind() == RequestFraming.Kind.LENGTH ? fillPlain(out) : fillChunk(out);
        }
    }

    private boolean fillPlain(ByteBuffer out) throws IOException {
        out.limit((int) Math.min(out.capacity(), out.position() + remaining));
        int count = exchange.read(out);
        out.limit(out.capacity());
        if (count < 0) {
            throw new EOFException("the content ended " + remaining + " bytes before its Content-Length");
        }
        contentConsumed |= count > 0;
        call.pace().received(count);
        remaining -= count;
        allRead = remaining == 0;
        return count > 0;
    }

    private boolean fillChunk(ByteBuffer out) throws IOException {
        int start = out.position();
        out.position(start + CHUNK_HEAD_BYTES).limit(out.capacity() - CRLF.length);
        int count = exchange.read(out);
        out.limit(out.capacity());
        if (count > 0) {
            contentConsumed = true;
            call.pace().received(count);
            putChunkHead(out, start, count);
            out.put(CRLF);
            return true;
        }
        out.position(start);
        if (count < 0) {
            putLastChunk(out);
        }
        return false;
    }

    private static void putChunkHead(ByteBuffer out, int at, int size) {
        for (int i = 0; i < 4; i++) {
            out.put(at + i, (byte) Character.forDigit(size >> (12 - 4 * i) & 0xf, 16));
        }
        out.put(at + 4, CRLF[0]).put(at + 5, CRLF[1]);
    }

    private void putLastChunk(ByteBuffer out) {
        RequestEncoder end = call.encoder().lastChunk(OriginFields.trailers(exchange));
        allRead = true;
        if (end.length() <= out.remaining()) {
            end.copyTo(out);
        } else {
            overflow(out, end);
        }
    }

    /** Rare: trailers larger than what is left of the buffer go, with what is in the buffer, into one that fits. */
    private void overflow(ByteBuffer out, RequestEncoder end) {
        ByteBuffer larger = ByteBuffer.allocate(out.position() + end.length());
        larger.put(out.flip());
        end.copyTo(larger);
        out.clear();
        ByteBuffer before = first;
        first = larger.flip();
        if (before != null) {
            first = ByteBuffer.allocate(before.remaining() + larger.remaining())
                    .put(before)
                    .put(larger)
                    .flip();
        }
    }

    /** The origin wants the content, or has let enough time pass without saying so. */
    void continueNow() {
        if (waitingForContinue) {
            waitingForContinue = false;
            pump();
        }
    }

    /** The origin has answered; what is left of the request is not wanted. */
    void stop() {
        over = true;
        connection.wantWrite(false);
        releaseBuffer();
    }

    private void releaseBuffer() {
        ByteBuffer held = buffer;
        buffer = null;
        if (held != null) {
            call.loop().buffers().release(held);
        }
    }

    boolean isWaitingForContinue() {
        return waitingForContinue;
    }

    boolean isComplete() {
        return complete;
    }

    /** Whether nothing has left this process yet. */
    boolean hasSentNothing() {
        return !sentAnything;
    }

    /** Whether the same request could be sent again from its beginning. */
    boolean isUntouched() {
        return !contentConsumed && !waitingForClient;
    }

    private static ByteBuffer copy(RequestEncoder encoder) {
        ByteBuffer copy = ByteBuffer.allocate(encoder.length());
        encoder.copyTo(copy);
        return copy.flip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
