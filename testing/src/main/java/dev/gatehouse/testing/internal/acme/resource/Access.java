package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;

/** Lets an account reach what is its own, and nothing else. */
final class Access {

    private Access() {}

    /**
     * Insists that the request comes from the owner.
     *
     * @param request the request
     * @param ownerId the account that owns the resource
     * @return that account
     * @throws ProblemException {@code unauthorized}
     */
    static Account requireOwner(SignedRequest request, String ownerId) throws ProblemException {
        Account account = request.requireAccount();
        if (!account.id().equals(ownerId)) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "Account " + account.id() + " does not own " + request.url()
                                    + ". Sign with the key of the account that made it.")
                    .exception();
        }
        return account;
    }

    /** {@return the refusal of a request for something that does not exist} */
    static ProblemException notFound(String url) {
        return Problem.of(
                        ProblemType.MALFORMED,
                        "There is nothing at " + url + ". Follow the URLs that this server hands out;"
                                + " it forgets what it made when it stops.")
                .withStatus(404)
                .exception();
    }
}
