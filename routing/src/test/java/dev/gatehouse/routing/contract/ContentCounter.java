package dev.gatehouse.routing.contract;

import dev.gatehouse.routing.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads request content to its end and answers with its length; reports the failure if it has none. */
final class ContentCounter {

    private final HttpExchange exchange;
    private final Consumer<IOException> failed;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private long count;

    ContentCounter(HttpExchange exchange, Consumer<IOException> failed) {
        this.exchange = exchange;
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
                Answers.text(exchange, 200, String.valueOf(count));
            }
        } catch (IOException e) {
            failed.accept(e);
            exchange.abort(e);
        }
    }
}
