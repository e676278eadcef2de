package dev.gatehouse.conformance.host;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends request content and trailers back as they come, never more than one buffer ahead of the client. */
final class StreamingEcho implements HttpHandler {

    @Override
    public void handle(HttpExchange exchange) {
        HttpFields.Builder fields = HttpFields.builder().add("X-Target", exchange.requestTarget());
        String length = exchange.requestFields().get("Content-Length");
        if (length != null) {
            fields.add("Content-Length", length);
        }
        exchange.startResponse(200, fields.build());
        new Echo(exchange).resume();
    }

    private static final class Echo {

        private final HttpExchange exchange;
        private final ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);

        Echo(HttpExchange exchange) {
            this.exchange = exchange;
        }

        void resume() {
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
                exchange.whenReadable(this::resume);
                return false;
            }
            boolean last = count < 0;
            if (last && exchange.requestTrailers().size() > 0) {
                exchange.setResponseTrailers(exchange.requestTrailers());
            }
            return exchange.write(buffer.flip(), last, last ? () -> {} : this::resume) && !last;
        }
    }
}
