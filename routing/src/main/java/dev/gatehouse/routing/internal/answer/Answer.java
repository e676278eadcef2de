package dev.gatehouse.routing.internal.answer;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A complete response of the router's own: a status and a line of text that says what it means. */
public final class Answer {

    /** Short, since a busy moment is over soon (RFC 9110, section 10.2.3). */
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final HttpFields CLOSE = HttpFields.of("Connection", "close");

    private static final ByteBuffer NO_CONTENT = ByteBuffer.allocate(0);

    private Answer() {}

    /**
     * Answers an exchange whose response has not been started; one that has been started is aborted.
     *
     * @param exchange what to answer
     * @param status the status
     * @param explanation one sentence for whoever sees the response; nothing about the inside of the system
     */
    public static void send(HttpExchange exchange, int status, String explanation) {
        send(exchange, status, explanation, HttpFields.empty());
    }

    /**
     * Answers 503, and asks the client to come back soon.
     *
     * @param exchange what to answer
     * @param explanation one sentence for whoever sees the response
     */
    public static void overloaded(HttpExchange exchange, String explanation) {
        send(exchange, 503, explanation, HttpFields.of("Retry-After", RETRY_AFTER_SECONDS));
    }

    /**
     * Answers an exchange after which nothing that comes on its connection can be trusted. HTTP/2 keeps the exchanges of a
     * connection apart; with HTTP/1 the connection is closed.
     *
     * @param exchange what to answer; its response has not been started
     * @param status the status
     * @param explanation one sentence, as for {@link #send}
     */
    public static void sendAndClose(HttpExchange exchange, int status, String explanation) {
        send(exchange, status, explanation, exchange.protocol().startsWith("HTTP/1.") ? CLOSE : HttpFields.empty());
    }

    private static void send(HttpExchange exchange, int status, String explanation, HttpFields more) {
        if (exchange.isResponseStarted()) {
            exchange.abort(new IOException(status + " " + explanation));
            return;
        }
        byte[] text = (status + " " + Reason.of(status) + "\n" + explanation + "\n").getBytes(StandardCharsets.UTF_8);
        HttpFields fields = more.toBuilder()
                .add("Content-Type", "text/plain; charset=utf-8")
                .add("Content-Length", Integer.toString(text.length))
                .add("Cache-Control", "no-store")
                .build();
        try {
            exchange.startResponse(status, fields);
            boolean head = exchange.method().equals("HEAD");
            exchange.write(head ? NO_CONTENT.duplicate() : ByteBuffer.wrap(text), true, Answer::nothing);
        } catch (IOException | IllegalStateException clientGone) {
            exchange.abort(clientGone);
        }
    }

    /** The answer needs nothing more when its last bytes have gone. */
    private static void nothing() {
        // the exchange is over
    }
}
