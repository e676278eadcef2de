package dev.gatehouse.conformance.host;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.HttpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Handlers for cases in which the answer is not the point. */
final class Answers {

    private Answers() {}

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        ByteBuffer content = StandardCharsets.UTF_8.encode(text);
        exchange.startResponse(
                status,
                HttpFields.of("Content-Type", "text/plain", "Content-Length", String.valueOf(content.remaining())));
        exchange.write(content, true, () -> {});
    }

    /** Answers 200 with what a function makes of the request. */
    static HttpHandler with(Function<HttpExchange, Object> text) {
        return exchange -> text(exchange, 200, String.valueOf(text.apply(exchange)));
    }

    /** Starts a response of unknown length and sends its beginning. */
    static void begin(HttpExchange exchange, String text) throws IOException {
        exchange.startResponse(200, HttpFields.empty());
        exchange.write(StandardCharsets.UTF_8.encode(text), false, () -> {});
    }
}
