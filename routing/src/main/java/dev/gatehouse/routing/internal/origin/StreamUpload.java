package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.transport.OriginRequest;
import dev.gatehouse.routing.transport.OriginStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request over one stream: its content as fast as the origin takes it and the client sends it. It holds one
 * buffer, and none while the client is silent. Belongs to the thread of its call.
 */
final class StreamUpload {

    /** Below this much room the buffer is sent before more is read. */
    private static final int WORTHWHILE_BYTES = 4 * 1024;

    private static final int MAX_TURNS = 16;

    private final StreamCall call;
    private final RequestContent content;

    private @Nullable OriginStream stream;
    private @Nullable ByteBuffer buffer;
    private boolean filled;
    private boolean streamHolds;
    private boolean endsHere;
    private boolean waitingForContinue;
    private boolean complete;
    private boolean over;

    StreamUpload(StreamCall call, RequestContent content) {
        this.call = call;
        this.content = content;
        waitingForContinue = call.framing().expectsContinue();
    }

    /** Makes the head; whether content follows may only be known when it has been looked for. */
    OriginRequest head() throws IOException {
        RequestFraming framing = call.framing();
        if (framing.kind() == RequestFraming.Kind.TO_BE_SEEN) {
            fill();
            if (!filled) {
                releaseBuffer();
            }
        }
        endsHere =
                content.isAtEnd() && !hasSomethingToSend() && content.trailers().size() == 0;
        HttpFields.Builder fields = OriginFields.forHttp2(call.exchange()).toBuilder();
        if (framing.kind() == RequestFraming.Kind.LENGTH) {
            fields.add("Content-Length", Long.toString(framing.length()));
        } else if (endsHere && framing.announcesEmptyContent()) {
            fields.add("Content-Length", "0");
        }
        if (waitingForContinue) {
            fields.add("Expect", "100-continue");
        }
        return new OriginRequest(
                call.exchange().method(),
                String.valueOf(call.exchange().authority()),
                call.exchange().requestTarget(),
                fields.build(),
                endsHere);
    }

    private boolean hasSomethingToSend() {
        return buffer != null && buffer.hasRemaining();
    }

    /** The head is on its way. */
    void opened(OriginStream open) {
        stream = open;
        if (endsHere) {
            end();
        } else {
            pump();
        }
    }

    /** Goes on wherever it stopped; does nothing when there is nothing to go on with. */
    void pump() {
        OriginStream open = stream;
        if (open == null) {
            return;
        }
        for (int turn = 0; !over && !streamHolds; turn++) {
            if (waitingForContinue) {
                releaseBuffer();
                call.requestWaitsFor(Wait.CONTINUE);
            } else if (turn == MAX_TURNS) {
                call.later(this::pump);
            } else if (filled || refill()) {
                send(open);
                continue;
            }
            return;
        }
    }

    private boolean refill() {
        try {
            fill();
        } catch (IOException failed) {
            call.clientFailed(failed);
            return false;
        }
        if (!filled) {
            releaseBuffer();
            content.awaitClient();
            call.requestWaitsFor(Wait.REQUEST_CONTENT);
        }
        return filled;
    }

    private void fill() throws IOException {
        ByteBuffer in = buffer;
        if (in == null) {
            in = call.loop().buffers().acquire();
            buffer = in;
        }
        in.clear();
        boolean more = true;
        while (more && in.remaining() >= WORTHWHILE_BYTES) {
            more = content.read(in) > 0;
        }
        in.flip();
        filled = in.hasRemaining() || content.isAtEnd();
    }

    private void send(OriginStream open) {
        ByteBuffer out = buffer;
        boolean last = content.isAtEnd() && content.trailers().size() == 0;
        filled = false;
        if (out != null && (last || out.hasRemaining()) && !open.write(out, last)) {
            streamHolds = true;
            call.requestWaitsFor(Wait.REQUEST_SENT);
        } else {
            sent();
        }
    }

    /** The stream holds the buffer no longer. */
    void written() {
        streamHolds = false;
        if (over) {
            releaseBuffer();
        } else {
            sent();
            pump();
        }
    }

    private void sent() {
        call.progressed();
        if (content.isAtEnd()) {
            HttpFields trailers = content.trailers();
            if (trailers.size() > 0 && stream != null) {
                stream.writeTrailers(trailers);
            }
            end();
        }
    }

    private void end() {
        over = true;
        complete = true;
        releaseBuffer();
        call.requestSent();
    }

    /** The client has sent more. */
    void clientSent() {
        pump();
    }

    /** The origin wants the content, or has let enough time pass without saying so. */
    void continueNow() {
        if (waitingForContinue) {
            waitingForContinue = false;
            pump();
        }
    }

    /** What is left of the request is not wanted. */
    void stop() {
        over = true;
        if (!streamHolds) {
            releaseBuffer();
        }
    }

    private void releaseBuffer() {
        ByteBuffer held = buffer;
        buffer = null;
        filled = false;
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
}
