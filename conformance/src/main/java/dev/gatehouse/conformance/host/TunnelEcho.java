package dev.gatehouse.conformance.host;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

/** Switches protocols and sends back what comes, never more than one buffer ahead of the client. */
final class TunnelEcho {

    private final HttpExchange exchange;
    private final Executor threads;
    private final ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);

    TunnelEcho(HttpExchange exchange, Executor threads) {
        this.exchange = exchange;
        this.threads = threads;
    }

    void begin(HttpFields fields) {
        threads.execute(() -> {
            exchange.startUpgrade(fields);
            resume();
        });
    }

    private void resumeThere() {
        threads.execute(this::resume);
    }

    private void resume() {
        try {
            while (step()) {
                // One buffer after the other.
            }
        } catch (IOException clientGone) {
            exchange.abort(clientGone);
        }
    }

    /** Moves one buffer; false if it goes on in a callback or is over. */
    private boolean step() throws IOException {
        buffer.clear();
        int count = exchange.read(buffer);
        if (count == 0) {
            exchange.whenReadable(this::resumeThere);
            return false;
        }
        boolean last = count < 0;
        return exchange.write(buffer.flip(), last, last ? () -> {} : this::resumeThere) && !last;
    }
}
