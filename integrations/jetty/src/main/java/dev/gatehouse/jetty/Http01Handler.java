package dev.gatehouse.jetty;

import dev.gatehouse.acme.ChallengeResponder;
import dev.gatehouse.acme.Http01Challenges;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Answers the HTTP-01 challenges of a certificate authority (RFC 8555, section 8.3) and leaves everything else to the next
 * handler. It belongs in front of whatever answers port 80, also of a redirect to HTTPS:
 *
 * <pre>{@code
 * server.addConnector(GatehouseConnector.http(server, 80));
 * server.setHandler(new Http01Handler(certificates.http01(), new RouterHandler(router)));
 * }</pre>
 *
 * <p>Only {@code GET} and {@code HEAD} of a token that is awaited right now are answered here, whatever the host and
 * whether the request came in clear text or not, so an application may have paths of its own below
 * {@value Http01Challenges#PATH}. It does not block: a token that another node with the same storage may await is looked for on
 * a thread of the certificate manager.
 */
public final class Http01Handler extends Handler.Wrapper {

    private final ChallengeResponder challenges;

    /**
     * Puts the challenges in front of a handler.
     *
     * @param challenges answers what is awaited, such as {@link dev.gatehouse.acme.CertificateManager#http01()}
     * @param next what answers everything else
     */
    public Http01Handler(ChallengeResponder challenges, Handler next) {
        super(Objects.requireNonNull(next, "next"));
        this.challenges = Objects.requireNonNull(challenges, "challenges");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path != null) {
            CompletableFuture<Optional<String>> answer =
                    challenges.respond(request.getMethod(), path).toCompletableFuture();
            if (!answer.isDone()) {
                CompletionStage<Void> unused = answer.thenAccept(
                        found -> request.getContext().execute(() -> answerLater(found, request, response, callback)));
                return true;
            }
            if (answer.join().isPresent()) {
                send(answer.join().get(), request, response, callback);
                return true;
            }
        }
        return super.handle(request, response, callback);
    }

    /** What is found in storage comes on a thread of the certificate manager, which is not for handling requests. */
    private void answerLater(Optional<String> found, Request request, Response response, Callback callback) {
        try {
            if (found.isPresent()) {
                send(found.get(), request, response, callback);
            } else if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Throwable failure) {
            Response.writeError(request, response, callback, failure);
        }
    }

    private static void send(String keyAuthorization, Request request, Response response, Callback callback) {
        byte[] content = keyAuthorization.getBytes(StandardCharsets.US_ASCII);
        response.setStatus(200);
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, ChallengeResponder.CONTENT_TYPE)
                .put(HttpHeader.CONTENT_LENGTH, content.length);
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        response.write(true, head ? BufferUtil.EMPTY_BUFFER : BufferUtil.toBuffer(content), callback);
    }
}
