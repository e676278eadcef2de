package dev.gatehouse.acme;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * The answers to HTTP-01 challenges (RFC 8555, section 8.3) that the certificate authority is about to fetch. A server
 * gives them out at {@code http://NAME/.well-known/acme-challenge/TOKEN}.
 *
 * <p>Answers of orders of this node are in memory and known at once. Those of other nodes that share the storage are found
 * there, so that it does not matter to which node the authority is led.
 *
 * <p>In memory it is as small as the number of orders under way. Safe for use by several threads.
 */
public final class Http01Challenges implements ChallengeResponder {

    /** The path below which a server answers; the token follows. */
    public static final String PATH = "/.well-known/acme-challenge/";

    /** At least 128 bits in the base64url alphabet (RFC 8555, section 8.3); longer than any authority makes them. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,256}");

    private final Map<String, String> keyAuthorizations = new ConcurrentHashMap<>();
    private final SharedAnswers shared;

    Http01Challenges(CertificateStorage storage, InstantSource clock, Executor storageWorker) {
        this.shared = new SharedAnswers("http-01", storage, clock, storageWorker);
    }

    /**
     * Finds the answer to a challenge of this node. Does not block.
     *
     * @param token the last segment of the request path, as the client has sent it
     * @return the key authorization to send as {@code text/plain}, or empty if this node has no such challenge open
     */
    public Optional<String> keyAuthorization(String token) {
        return Optional.ofNullable(keyAuthorizations.get(token));
    }

    /**
     * Finds the answer to a challenge of this node or of another one. Does not block: what this node does not know, and what
     * looks like a token, is looked for in storage on another thread.
     *
     * @param token the last segment of the request path, as the client has sent it
     * @return a stage that completes with the key authorization to send as {@code text/plain}, or with empty if no such
     *     challenge is open; it never fails, and is complete already in most cases
     */
    public CompletionStage<Optional<String>> find(String token) {
        Optional<String> own = keyAuthorization(token);
        if (own.isPresent() || !TOKEN.matcher(token).matches()) {
            return CompletableFuture.completedFuture(own);
        }
        return shared.find(token);
    }

    /** Answers {@code GET} and {@code HEAD} of a token that is awaited, of this node or another one. */
    @Override
    public CompletionStage<Optional<String>> respond(String method, String path) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        return reads && path.startsWith(PATH)
                ? find(path.substring(PATH.length()))
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * Publishes an answer. For implementations of {@link Issuer}. It may block on storage: call it on a worker.
     *
     * @param token the token of the challenge
     * @param keyAuthorization the answer
     * @return takes the answer back when closed, which may block as well
     */
    public Publication publish(String token, String keyAuthorization) {
        keyAuthorizations.put(token, keyAuthorization);
        Optional<StoredRecord> stored =
                TOKEN.matcher(token).matches() ? shared.write(token, keyAuthorization) : Optional.empty();
        return () -> {
            keyAuthorizations.remove(token);
            stored.ifPresent(record -> shared.delete(token, record));
        };
    }

    /** An answer that can be fetched until this is closed. */
    @FunctionalInterface
    public interface Publication extends AutoCloseable {

        /** Takes the answer back. */
        @Override
        void close();
    }
}
