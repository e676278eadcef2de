package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.util.Set;

/** Answers the requests for one kind of resource. Called on the threads of the server, several at a time. */
@FunctionalInterface
public interface Resource {

    /**
     * Answers a request.
     *
     * @param request the request
     * @return the response
     * @throws ProblemException why it is refused
     */
    AcmeResponse answer(AcmeRequest request) throws ProblemException;

    /**
     * Insists on certain methods.
     *
     * @param request the request
     * @param methods those that are accepted
     * @throws ProblemException {@code malformed} with status 405
     */
    static void requireMethod(AcmeRequest request, Set<String> methods) throws ProblemException {
        if (!methods.contains(request.method())) {
            String allowed = String.join(", ", methods);
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "Method " + Text.quote(request.method()) + " is not supported at " + request.url()
                                    + ". Use " + allowed
                                    + (methods.contains("POST") ? "; to read it, send a POST-as-GET request." : "."))
                    .withStatus(405)
                    .exception()
                    .with("Allow", allowed);
        }
    }
}
