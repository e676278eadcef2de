package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** A resource that anybody may read, by GET or HEAD and without a signature (RFC 8555 section 6.3). */
public final class OpenResource implements Resource {
    private static final Set<String> METHODS = Collections.unmodifiableSet(new TreeSet<>(Set.of("GET", "HEAD")));

    private final Resource content;

    /**
     * Makes a resource.
     *
     * @param content answers GET and HEAD; the content is left out of the answer to HEAD where it is sent
     */
    public OpenResource(Resource content) {
        this.content = content;
    }

    @Override
    public AcmeResponse answer(AcmeRequest request) throws ProblemException {
        Resource.requireMethod(request, METHODS);
        return content.answer(request);
    }
}
