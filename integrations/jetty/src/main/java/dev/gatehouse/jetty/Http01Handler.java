package dev.gatehouse.jetty;

import dev.gatehouse.acme.Http01Challenges;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers HTTP-01 challenges of the certificate authority (RFC 8555, section 8.3), and passes everything else on. It
 * belongs on port 80, before redirects and before authentication.
 *
 * <p>Safe for use by several threads; it does not block.
 */
public final class Http01Handler extends Handler.Wrapper {

    private final Http01Challenges challenges;

    /**
     * Puts the answers before a handler.
     *
     * @param challenges the answers, from {@code CertificateManager.http01()}
     * @param next gets every request that is not for an open challenge
     */
    public Http01Handler(Http01Challenges challenges, Handler next) {
        super(next);
        this.challenges = Objects.requireNonNull(challenges, "challenges");
    }

    /**
     * Answers a challenge, or passes the request on. Called by Jetty.
     *
     * @param request the request
     * @param response its response
     * @param callback told when the response is complete
     * @return whether the request was answered
     * @throws Exception what the next handler throws
     */
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<String> answer = answerTo(request);
        if (answer.isEmpty()) {
            return super.handle(request, response, callback);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=us-ascii");
        response.write(true, StandardCharsets.US_ASCII.encode(answer.get()), callback);
        return true;
    }

    private Optional<String> answerTo(Request request) {
        String path = Request.getPathInContext(request);
        boolean isChallenge = HttpMethod.GET.is(request.getMethod()) && path.startsWith(Http01Challenges.PATH);
        return isChallenge
                ? challenges.keyAuthorization(path.substring(Http01Challenges.PATH.length()))
                : Optional.empty();
    }
}
