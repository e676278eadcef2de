package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengeResponder;
import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;

/** One request to the listener for challenges: its answer, a redirect, or an error, and the connection is closed. */
public final class ChallengeConnection {

    private static final Duration HEAD_TIME = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIME = Duration.ofSeconds(5);
    private static final int LINGERING_MILLIS = 1_000;
    private static final int MAX_LINGERING_BYTES = 65_536;
    private static final int HTTPS_PORT = 443;

    private final Socket socket;
    private final ChallengeResponder responder;
    private final OptionalInt redirectPort;
    private final Logger log;

    /**
     * @param redirectPort the port of HTTPS to which all else is redirected; empty if it is not found here
     */
    public ChallengeConnection(Socket socket, ChallengeResponder responder, OptionalInt redirectPort, Logger log) {
        this.socket = socket;
        this.responder = responder;
        this.redirectPort = redirectPort;
        this.log = log;
    }

    /** Serves it, on the calling thread, for some seconds at most. */
    public void serve() {
        try (socket) {
            Optional<HttpRequestHead> head = HttpRequestHead.read(socket, HEAD_TIME);
            send(head.isEmpty() ? response("400 Bad Request", "", false) : answer(head.get()));
            letTheClientRead();
        } catch (IOException gone) {
            log.debug("{}: no challenge fetched, {}", socket.getRemoteSocketAddress(), gone.getMessage());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer(HttpRequestHead head) throws InterruptedException {
        boolean headOnly = head.method().equals("HEAD");
        Optional<String> challenge = challenge(head);
        if (challenge.isPresent()) {
            return "HTTP/1.1 200 OK\r\nContent-Type: " + ChallengeResponder.CONTENT_TYPE + "\r\nCache-Control: no-store"
                    + end(challenge.get(), headOnly);
        }
        if (redirectPort.isEmpty() || head.host().isEmpty()) {
            return response("404 Not Found", "", headOnly);
        }
        try {
            ServerName host = ServerName.ofHost(head.host().get());
            String port = redirectPort.getAsInt() == HTTPS_PORT ? "" : ":" + redirectPort.getAsInt();
            String name = host.value().indexOf(':') >= 0 ? "[" + host.value() + "]" : host.value();
            return response("308 Permanent Redirect", "\r\nLocation: https://" + name + port + head.target(), headOnly);
        } catch (InvalidNameException notAHost) {
            return response("400 Bad Request", "", headOnly);
        }
    }

    private Optional<String> challenge(HttpRequestHead head) throws InterruptedException {
        try {
            return responder
                    .respond(head.method(), head.path())
                    .toCompletableFuture()
                    .get(ANSWER_TIME.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            log.warn(
                    "The answer to a challenge was not found within {} ms ({}). Look at the storage.",
                    ANSWER_TIME.toMillis(),
                    String.valueOf(failure.getCause()));
            return Optional.empty();
        }
    }

    private static String response(String status, String headers, boolean headOnly) {
        return "HTTP/1.1 " + status + headers + end("", headOnly);
    }

    private static String end(String content, boolean headOnly) {
        return "\r\nContent-Length: " + content.length() + "\r\nConnection: close\r\n\r\n" + (headOnly ? "" : content);
    }

    private void send(String response) throws IOException {
        socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** To close while the client still sends would reset the connection, and the client might never see the answer. */
    private void letTheClientRead() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(LINGERING_MILLIS);
        InputStream rest = socket.getInputStream();
        long deadline = System.nanoTime() + Duration.ofMillis(LINGERING_MILLIS).toNanos();
        int left = MAX_LINGERING_BYTES;
        byte[] dropped = new byte[1024];
        int count = rest.read(dropped);
        while (count >= 0 && left > 0 && System.nanoTime() < deadline) {
            left -= count;
            count = rest.read(dropped);
        }
    }
}
