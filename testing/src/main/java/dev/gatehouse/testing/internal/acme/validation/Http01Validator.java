package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.NameResolver;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.net.URI;
import java.time.Duration;

/**
 * The HTTP-01 challenge (RFC 8555 section 8.3), validated as the public CAs do: GET on port 80, up to ten redirects to
 * HTTP or HTTPS, white space after the key authorization ignored. A wrong answer is a problem of type
 * {@code unauthorized}, as with Let's Encrypt.
 */
public final class Http01Validator implements ChallengeValidator {
    private static final String PATH = "/.well-known/acme-challenge/";
    private static final int MAX_REDIRECTS = 10;

    private final ValidationHttpClient client;
    private final Duration timeout;

    /**
     * Makes a validator.
     *
     * @param resolver finds the servers
     * @param ports where they listen
     * @param timeout how long one validation may take, redirects included
     */
    public Http01Validator(NameResolver resolver, ValidationPorts ports, Duration timeout) {
        this.client = new ValidationHttpClient(resolver, ports);
        this.timeout = timeout;
    }

    @Override
    public void validate(Identifier identifier, String token, String keyAuthorization) throws ProblemException {
        Deadline deadline = Deadline.in(timeout);
        URI uri = URI.create("http://" + authority(identifier) + PATH + token);
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpReply reply = client.get(uri, deadline);
            if (!isRedirect(reply.status())) {
                requireKeyAuthorization(uri, reply, keyAuthorization);
                return;
            }
            uri = target(uri, reply);
        }
        throw unauthorized("The validation request for " + identifier + " was redirected more than " + MAX_REDIRECTS
                + " times, last to " + Text.quote(uri.toString()) + ". Answer it where it arrives.");
    }

    private static String authority(Identifier identifier) {
        return identifier.value().indexOf(':') < 0 ? identifier.value() : '[' + identifier.value() + ']';
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static URI target(URI from, HttpReply reply) throws ProblemException {
        String location = reply.field("location").orElse("");
        try {
            return from.resolve(location.replaceAll("#.*", ""));
        } catch (IllegalArgumentException e) {
            throw unauthorized(from + " redirects to " + Text.quote(location) + ", which is not a URL. Send one.");
        }
    }

    private static void requireKeyAuthorization(URI uri, HttpReply reply, String expected) throws ProblemException {
        if (reply.status() != 200) {
            throw unauthorized(uri + " answered with status " + reply.status() + ". Answer with 200 and "
                    + Text.quote(expected) + ", without a login and before any other handler.");
        }
        String content = reply.content().stripTrailing();
        if (!content.equals(expected)) {
            throw unauthorized(uri + " answered " + Text.quote(content) + " instead of the key authorization "
                    + Text.quote(expected) + ". Answer with the token, a dot and the thumbprint of the account key.");
        }
    }

    private static ProblemException unauthorized(String detail) {
        return Problem.of(ProblemType.UNAUTHORIZED, detail).exception();
    }
}
