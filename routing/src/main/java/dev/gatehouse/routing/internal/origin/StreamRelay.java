package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Passes one response on from a stream to the client, as fast as the client takes it. It holds one buffer, and none while
 * the origin is silent. Belongs to the thread of its call.
 */
final class StreamRelay {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int MAX_TURNS = 16;

    private final StreamCall call;
    private final HttpExchange exchange;
    private final OriginStream stream;
    private final Runnable clientTookIt;

    private @Nullable ByteBuffer buffer;
    private boolean withoutContent;
    private boolean begun;
    private boolean headWaits;
    private boolean clientHolds;
    private boolean atEnd;
    private boolean over;

    StreamRelay(StreamCall call, OriginStream stream) {
        this.call = call;
        this.stream = stream;
        exchange = call.exchange();
        clientTookIt = () -> call.laterEvenIfOver(this::resume);
    }

    void informational(int status, HttpFields fields) {
        if (status == 100) {
            call.originContinues();
        } else {
            exchange.sendInformational(status, ClientFields.of(status, fields));
        }
    }

    void responded(int status, HttpFields fields) {
        begun = true;
        headWaits = true;
        withoutContent = exchange.method().equals("HEAD") || status == 204 || status == 304;
        call.responseBegins();
        exchange.startResponse(status, ClientFields.of(status, fields));
        pump();
    }

    /** The stream has something to say again. */
    void pump() {
        for (int turn = 0; begun && !over && !clientHolds; turn++) {
            if (turn == MAX_TURNS) {
                call.later(this::pump);
                return;
            }
            ByteBuffer in = buffer;
            if (in == null) {
                in = call.loop().buffers().acquire();
                buffer = in;
            }
            int last = fill(in);
            if (withoutContent && in.hasRemaining()) {
                call.failed(new OriginFailure(
                        OriginFailure.Kind.MALFORMED,
                        "sent content with a response that has none",
                        "Correct the target"));
            } else if (last < 0) {
                end(in);
            } else if (in.hasRemaining() || headWaits) {
                write(in, false);
            }
            if (last == 0 && !clientHolds) {
                releaseBuffer();
                return;
            }
        }
    }

    /** Reads until the buffer is full, there is nothing now (0), or the response has ended (-1). */
    private int fill(ByteBuffer in) {
        in.clear();
        int count = 1;
        while (count > 0 && in.hasRemaining()) {
            count = stream.read(in);
        }
        in.flip();
        return count;
    }

    private void end(ByteBuffer content) {
        atEnd = true;
        over = true;
        HttpFields trailers = ClientFields.of(200, stream.responseTrailers());
        if (trailers.size() > 0) {
            exchange.setResponseTrailers(trailers);
        }
        if (write(content, true)) {
            if (!clientHolds) {
                releaseBuffer();
            }
            call.responseEnded();
        }
    }

    private boolean write(ByteBuffer content, boolean last) {
        headWaits = false;
        try {
            clientHolds = !exchange.write(content.hasRemaining() ? content : EMPTY.duplicate(), last, clientTookIt);
        } catch (IOException failed) {
            call.clientFailed(failed);
            return false;
        }
        if (clientHolds) {
            call.waitFor(Wait.CLIENT_READING);
        } else {
            call.responseProgressed();
        }
        return true;
    }

    private void resume() {
        clientHolds = false;
        if (over) {
            releaseBuffer();
        } else {
            call.waitFor(Wait.RESPONSE_CONTENT);
            pump();
        }
    }

    /** Nothing more is passed on. A buffer that the client's side still holds is left to it. */
    void stop() {
        over = true;
        if (!clientHolds) {
            releaseBuffer();
        }
    }

    /** Whether the whole response has been read from the stream. */
    boolean isAtEnd() {
        return atEnd;
    }

    private void releaseBuffer() {
        ByteBuffer held = buffer;
        buffer = null;
        if (held != null) {
            call.loop().buffers().release(held);
        }
    }
}
