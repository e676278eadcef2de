package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An exchange whose request content has been collected: its length is known, and reading it never waits for a client. */
final class BufferedExchange extends RoutedExchange {

    private final SpooledBody body;
    private final Executor callbacks;
    private final HttpFields fields;
    private volatile @Nullable IOException failure;

    BufferedExchange(RoutedExchange exchange, SpooledBody body, Executor callbacks) {
        super(exchange);
        this.body = body;
        this.callbacks = callbacks;
        fields = fieldsFor(exchange.requestFields(), body.length());
    }

    /** A request that turned out to have no content does not begin to speak of it. */
    private static HttpFields fieldsFor(HttpFields received, long length) {
        HttpFields.Builder known =
                received.toBuilder().remove("Transfer-Encoding").remove("Expect");
        if (length > 0 || received.contains("Transfer-Encoding")) {
            known.set("Content-Length", Long.toString(length));
        }
        return known.build();
    }

    @Override
    public HttpFields requestFields() {
        return fields;
    }

    /** A request whose content is here in full has nothing that could become another protocol (RFC 9110, section 7.8). */
    @Override
    public @Nullable String requestedUpgrade() {
        return null;
    }

    /** Gives back what the content takes; it is not read any more. */
    void release() {
        body.close();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        IOException failed = failure;
        if (failed != null) {
            throw new IOException("the buffered content cannot be read back: " + failed.getMessage(), failed);
        }
        return body.read(into);
    }

    @Override
    public void whenReadable(Runnable resumed) {
        body.load(failed -> {
            failure = failed;
            callbacks.execute(resumed);
        });
    }
}
