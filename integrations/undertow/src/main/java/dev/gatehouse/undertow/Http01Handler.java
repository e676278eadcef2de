package dev.gatehouse.undertow;

import dev.gatehouse.acme.ChallengeResponder;
import dev.gatehouse.acme.Http01Challenges;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers the HTTP-01 challenges of a certificate authority (RFC 8555, section 8.3) and leaves everything else to the next
 * handler. It belongs in front of whatever answers port 80, also of a redirect to HTTPS:
 *
 * <pre>{@code
 * HttpHandler port80 = new Http01Handler(certificates.http01(), new RouterHandler(router));
 * GatehouseUndertow.http(builder, 80, "0.0.0.0", port80);
 * }</pre>
 *
 * <p>Only {@code GET} and {@code HEAD} of a token that is awaited right now are answered here, whatever the host and
 * whether the request came in clear text or not, so an application may have paths of its own below
 * {@value Http01Challenges#PATH}. It does not block: a token that another node with the same storage may await is looked for on
 * a thread of the certificate manager.
 */
public final class Http01Handler implements HttpHandler {

    private final ChallengeResponder challenges;
    private final HttpHandler next;

    /**
     * Puts the challenges in front of a handler.
     *
     * @param challenges answers what is awaited, such as {@link dev.gatehouse.acme.CertificateManager#http01()}
     * @param next what answers everything else
     */
    public Http01Handler(ChallengeResponder challenges, HttpHandler next) {
        this.challenges = Objects.requireNonNull(challenges, "challenges");
        this.next = Objects.requireNonNull(next, "next");
    }

    /**
     * Answers a challenge or passes the request on. Called by Undertow.
     *
     * @param exchange the request
     * @throws Exception if the next handler does
     */
    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        CompletableFuture<Optional<String>> answer = challenges
                .respond(exchange.getRequestMethod().toString(), exchange.getRequestPath())
                .toCompletableFuture();
        if (!answer.isDone()) {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> answerLater(answer, exchange));
        } else if (answer.join().isPresent()) {
            send(answer.join().get(), exchange);
        } else {
            next.handleRequest(exchange);
        }
    }

    /** What is found in storage comes on a thread of the certificate manager; the exchange goes on on its own. */
    private void answerLater(CompletableFuture<Optional<String>> answer, HttpServerExchange exchange) {
        CompletionStage<Void> unused =
                answer.thenAccept(found -> exchange.dispatch(exchange.getIoThread(), dispatched -> {
                    if (found.isPresent()) {
                        send(found.get(), dispatched);
                    } else {
                        next.handleRequest(dispatched);
                    }
                }));
    }

    private static void send(String keyAuthorization, HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, ChallengeResponder.CONTENT_TYPE);
        exchange.getResponseSender().send(keyAuthorization, StandardCharsets.US_ASCII);
    }
}
