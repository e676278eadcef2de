package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.RequestVerifier;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A resource that takes signed requests only (RFC 8555 section 6.2). */
public final class SignedResource implements Resource {
    private static final String MEDIA_TYPE = "application/jose+json";

    private final RequestVerifier verifier;
    private final Handler handler;

    /**
     * Makes a resource.
     *
     * @param verifier decides who sent a request
     * @param handler answers it
     */
    public SignedResource(RequestVerifier verifier, Handler handler) {
        this.verifier = verifier;
        this.handler = handler;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) throws ProblemException {
        Resource.requireMethod(request, Set.of("POST"));
        requireMediaType(request.contentType());
        return handler.answer(verifier.verify(request.body(), request.url()), request.path());
    }

    private static void requireMediaType(@Nullable String contentType) throws ProblemException {
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!mediaType.equalsIgnoreCase(MEDIA_TYPE)) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The content type is " + Text.quote(mediaType) + ". Send " + MEDIA_TYPE + ".")
                    .withStatus(415)
                    .exception();
        }
    }

    /** Answers verified requests. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Answers a request.
         *
         * @param request who sent what
         * @param path for which resource
         * @return the response
         * @throws ProblemException why it is refused
         */
        AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException;
    }
}
