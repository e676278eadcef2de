package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Check;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Fetches a challenge path from this very server, as the authority would, and expects the right answer. */
final class Http01SelfRequest {

    private static final int MAX_ANSWER = 8 * 1024;

    private final InetSocketAddress address;
    private final TokenPublisher publisher;
    private final RandomGenerator random;
    private final Duration timeout;

    Http01SelfRequest(InetSocketAddress address, TokenPublisher publisher, RandomGenerator random, Duration timeout) {
        this.address = address;
        this.publisher = publisher;
        this.random = random;
        this.timeout = timeout;
    }

    /** May block, for the time-out. */
    Optional<PreflightFinding> check(PreflightQuestion question) {
        if (!question.challengeTypes().contains("http-01")) {
            return Optional.empty();
        }
        String token = "preflight-" + Long.toUnsignedString(random.nextLong(), 36);
        String answer = "gatehouse-" + Long.toUnsignedString(random.nextLong(), 36);
        Http01Challenges.Publication publication = publisher.publish(token, answer);
        try {
            String received = fetch(question.name(), Http01Challenges.PATH + token);
            String statusLine = received.lines().findFirst().orElse("");
            boolean right = statusLine.matches("HTTP/1\\.[01] 200\\b.*") && received.contains(answer);
            return right
                    ? Optional.empty()
                    : Optional.of(finding(question, "answers '" + shown(statusLine) + "' to it"));
        } catch (IOException failure) {
            return Optional.of(finding(question, "does not answer it (" + failure + ")"));
        } finally {
            publication.close();
        }
    }

    private String fetch(ServerName name, String path) throws IOException {
        int millis = (int) timeout.toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(address, millis);
            socket.setSoTimeout(millis);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(MAX_ANSWER), StandardCharsets.ISO_8859_1);
        }
    }

    private PreflightFinding finding(PreflightQuestion question, String what) {
        return new PreflightFinding(
                Check.HTTP01_REACHABLE,
                question.challengeTypes().size() == 1 ? Severity.BLOCKING : Severity.WARNING,
                "The path of HTTP-01 cannot be fetched from this server itself: " + address + " " + what
                        + ". Mount the challenge handler there, before redirects to HTTPS, or correct"
                        + " PreflightChecks.http01Address.");
    }

    private static String shown(String statusLine) {
        return statusLine.length() > 100 ? statusLine.substring(0, 100) : statusLine;
    }
}
