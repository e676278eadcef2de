package dev.gatehouse.acme;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers to HTTP-01 challenges (RFC 8555, section 8.3) that the certificate authority is about to fetch. A server
 * gives them out at {@code http://NAME/.well-known/acme-challenge/TOKEN}.
 *
 * <p>It holds what orders under way have published, and so is as small as their number. Safe for use by several threads;
 * nothing blocks.
 */
public final class Http01Challenges {

    /** The path below which a server answers; the token follows. */
    public static final String PATH = "/.well-known/acme-challenge/";

    private final Map<String, String> keyAuthorizations = new ConcurrentHashMap<>();

    Http01Challenges() {}

    /**
     * Finds the answer to a challenge.
     *
     * @param token the last segment of the request path, as the client has sent it
     * @return the key authorization to send as {@code text/plain}, or empty if no such challenge is open
     */
    public Optional<String> keyAuthorization(String token) {
        return Optional.ofNullable(keyAuthorizations.get(token));
    }

    /**
     * Publishes an answer. For implementations of {@link Issuer}.
     *
     * @param token the token of the challenge
     * @param keyAuthorization the answer
     * @return takes the answer back when closed
     */
    public Publication publish(String token, String keyAuthorization) {
        keyAuthorizations.put(token, keyAuthorization);
        return () -> keyAuthorizations.remove(token);
    }

    /** An answer that can be fetched until this is closed. */
    @FunctionalInterface
    public interface Publication extends AutoCloseable {

        /** Takes the answer back. */
        @Override
        void close();
    }
}
