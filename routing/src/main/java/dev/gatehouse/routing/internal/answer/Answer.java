package dev.gatehouse.routing.internal.answer;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A complete response of the router's own: a status and a line of text that says what it means. */
public final class Answer {

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
        if (exchange.isResponseStarted()) {
            exchange.abort(new IOException(status + " " + explanation));
            return;
        }
        send(exchange, status, explanation, false);
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
        send(exchange, status, explanation, exchange.protocol().startsWith("HTTP/1."));
    }

    private static void send(HttpExchange exchange, int status, String explanation, boolean close) {
        byte[] text = (status + " " + Reason.of(status) + "\n" + explanation + "\n").getBytes(StandardCharsets.UTF_8);
        HttpFields.Builder fields = HttpFields.builder()
                .add("Content-Type", "text/plain; charset=utf-8")
                .add("Content-Length", Integer.toString(text.length))
                .add("Cache-Control", "no-store");
        if (close) {
            fields.add("Connection", "close");
        }
        try {
            exchange.startResponse(status, fields.build());
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
