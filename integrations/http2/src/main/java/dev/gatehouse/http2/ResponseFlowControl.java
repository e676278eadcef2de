package dev.gatehouse.http2;

import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a target send more of a response only when the client has taken what came before. Jetty's own strategy counts
 * content as consumed when it is read from the stream; here it is read at once, so that the end of a response is known and
 * none of it is lost with the connection, and counted when it has been passed on.
 */
final class ResponseFlowControl extends BufferingFlowControlStrategy {

    private static final float UPDATE_AT = 0.5f;

    private static final ThreadLocal<@Nullable Boolean> READING = new ThreadLocal<>();

    ResponseFlowControl() {
        super(UPDATE_AT);
    }

    /** Reads from a stream without counting it. */
    static Stream.@Nullable Data read(Stream stream) {
        READING.set(true);
        try {
            return stream.readData();
        } finally {
            READING.remove();
        }
    }

    @Override
    public void onDataConsumed(Session session, Stream stream, int length) {
        if (READING.get() == null) {
            super.onDataConsumed(session, stream, length);
        }
    }
}
