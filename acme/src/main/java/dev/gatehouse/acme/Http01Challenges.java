package dev.gatehouse.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers to HTTP-01 challenges (RFC 8555, section 8.3) that the certificate authority is about to fetch. A server
 * gives them out at {@code http://NAME/.well-known/acme-challenge/TOKEN}.
 *
 * <p>Answers of orders of this node are in memory and known at once. Those of other nodes that share the storage are found
 * there, so that it does not matter to which node the authority is led.
 *
 * <p>In memory it is as small as the number of orders under way. Safe for use by several threads.
 */
public final class Http01Challenges {

    /** The path below which a server answers; the token follows. */
    public static final String PATH = "/.well-known/acme-challenge/";

    private static final Logger log = LoggerFactory.getLogger(Http01Challenges.class);

    /** At least 128 bits in the base64url alphabet (RFC 8555, section 8.3); longer than any authority makes them. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{22,256}");

    private static final int MAX_LOOKUPS = 64;
    private static final Duration LONGEST_ORDER = Duration.ofHours(1);

    private final Map<String, String> keyAuthorizations = new ConcurrentHashMap<>();
    private final CertificateStorage storage;
    private final InstantSource clock;
    private final Executor storageWorker;
    private final Semaphore lookups = new Semaphore(MAX_LOOKUPS);

    Http01Challenges(CertificateStorage storage, InstantSource clock, Executor storageWorker) {
        this.storage = storage;
        this.clock = clock;
        this.storageWorker = storageWorker;
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
        if (!lookups.tryAcquire()) {
            log.debug("http-01: not looked for in storage, {} other tokens are being looked for", MAX_LOOKUPS);
            return CompletableFuture.completedFuture(own);
        }
        try {
            return CompletableFuture.supplyAsync(() -> findInStorage(token), storageWorker)
                    .whenComplete((found, failure) -> lookups.release());
        } catch (RejectedExecutionException closed) {
            lookups.release();
            return CompletableFuture.completedFuture(Optional.empty());
        }
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
                TOKEN.matcher(token).matches() ? store(token, keyAuthorization) : Optional.empty();
        return () -> {
            keyAuthorizations.remove(token);
            stored.ifPresent(record -> delete(token, record));
        };
    }

    /** An answer that can be fetched until this is closed. */
    @FunctionalInterface
    public interface Publication extends AutoCloseable {

        /** Takes the answer back. */
        @Override
        void close();
    }

    private Optional<StoredRecord> store(String token, String keyAuthorization) {
        try {
            Instant expiry = clock.instant().plus(LONGEST_ORDER);
            return Optional.of(storage.write(
                    RecordKey.challenge(token),
                    keyAuthorization.getBytes(StandardCharsets.US_ASCII),
                    CertificateStorage.ABSENT,
                    WriteTerms.none().expiringAt(expiry)));
        } catch (IOException unwritable) {
            log.warn(
                    "http-01: an answer could not be put into storage, so only this node can give it. {} Mend the storage.",
                    unwritable.getMessage());
            return Optional.empty();
        }
    }

    private void delete(String token, StoredRecord record) {
        try {
            storage.delete(RecordKey.challenge(token), record.version());
        } catch (IOException undeletable) {
            log.info("http-01: an answer stays in storage until it is cleaned away. {}", undeletable.getMessage());
        }
    }

    private Optional<String> findInStorage(String token) {
        try {
            return storage.read(RecordKey.challenge(token))
                    .map(record -> new String(record.content(), StandardCharsets.US_ASCII));
        } catch (IOException unreadable) {
            log.warn(
                    "http-01: an answer could not be looked for in storage. {} Mend the storage.",
                    unreadable.getMessage());
            return Optional.empty();
        }
    }
}
