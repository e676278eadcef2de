package dev.gatehouse.undertow;

import dev.gatehouse.acme.Http01Challenges;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.util.Objects;
import java.util.Optional;

/**
 * Answers HTTP-01 challenges of the certificate authority (RFC 8555, section 8.3), and passes everything else on. It
 * belongs on port 80, before redirects and before authentication.
 *
 * <p>Safe for use by several threads; it does not block.
 */
public final class Http01Handler implements HttpHandler {

    private final Http01Challenges challenges;
    private final HttpHandler next;

    /**
     * Puts the answers before a handler.
     *
     * @param challenges the answers, from {@code CertificateManager.http01()}
     * @param next gets every request that is not for an open challenge
     */
    public Http01Handler(Http01Challenges challenges, HttpHandler next) {
        this.challenges = Objects.requireNonNull(challenges, "challenges");
        this.next = Objects.requireNonNull(next, "next");
    }

    /**
     * Answers a challenge, or passes the request on. Called by Undertow.
     *
     * @param exchange the request
     * @throws Exception what the next handler throws
     */
    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Optional<String> answer = answerTo(exchange);
        if (answer.isPresent()) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=us-ascii");
            exchange.getResponseSender().send(answer.get());
        } else {
            next.handleRequest(exchange);
        }
    }

    private Optional<String> answerTo(HttpServerExchange exchange) {
        String path = exchange.getRequestPath();
        boolean isChallenge = exchange.getRequestMethod().equals(Methods.GET) && path.startsWith(Http01Challenges.PATH);
        return isChallenge
                ? challenges.keyAuthorization(path.substring(Http01Challenges.PATH.length()))
                : Optional.empty();
    }
}
