package dev.gatehouse.conformance.host;

import dev.gatehouse.routing.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Reads request content to its end and reports its length, or the failure if it has no end. */
final class ContentReader {

    private final HttpExchange exchange;
    private final LongConsumer finished;
    private final Consumer<IOException> failed;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private long count;

    ContentReader(HttpExchange exchange, LongConsumer finished, Consumer<IOException> failed) {
        this.exchange = exchange;
        this.finished = finished;
        this.failed = failed;
    }

    void resume() {
        try {
            int read;
            while ((read = exchange.read(buffer.clear())) > 0) {
                count += read;
            }
            if (read == 0) {
                exchange.whenReadable(this::resume);
            } else {
                finished.accept(count);
            }
        } catch (IOException e) {
            failed.accept(e);
        }
    }
}
