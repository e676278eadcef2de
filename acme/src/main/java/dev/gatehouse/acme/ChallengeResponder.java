package dev.gatehouse.acme;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers the requests by which a certificate authority fetches HTTP-01 challenges (RFC 8555, section 8.3), in whatever
 * server: a handler asks it before redirects and routes, and goes on if it has no answer. {@link Http01Challenges} is one,
 * and so {@link CertificateManager#http01()}.
 *
 * <pre>{@code
 * responder.respond(method, path).thenAccept(answer -> answer.ifPresentOrElse(
 *         text -> send(200, ChallengeResponder.CONTENT_TYPE, text),
 *         () -> next.handle(request)));
 * }</pre>
 *
 * <p>The host of a request does not matter: a token is long and random, and known to the authority that made it. Safe for
 * use by several threads.
 */
@FunctionalInterface
public interface ChallengeResponder {

    /** The type of the content that an answer is sent with. */
    String CONTENT_TYPE = "text/plain";

    /**
     * Finds the answer to a request. Does not block.
     *
     * @param method the method of the request, such as {@code GET}
     * @param path the path as the client has sent it, not decoded, without the query
     * @return completes with the content of the response, of which {@code HEAD} gets the length only, or with empty if
     *     somebody else has to answer; it never fails, and for any other request is complete already
     */
    CompletionStage<Optional<String>> respond(String method, String path);
}
