package dev.gatehouse.tls;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a resolver on the handshake's thread: not longer than allowed, and not on more threads than allowed. */
final class BoundedWait {

    private static final Logger log = LoggerFactory.getLogger(SniKeyManager.class);

    private final CertificateResolver resolver;
    private final Duration maxWait;
    private final int maxWaiters;
    private final Semaphore waiters;

    private BoundedWait(CertificateResolver resolver, Duration maxWait, int maxWaiters) {
        this.resolver = resolver;
        this.maxWait = maxWait;
        this.maxWaiters = maxWaiters;
        this.waiters = new Semaphore(maxWaiters);
    }

    static BoundedWait on(CertificateResolver resolver, Duration maxWait, int maxWaiters) {
        if (maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: more than zero)");
        }
        if (maxWaiters < 1) {
            throw new IllegalArgumentException("maxWaiters: " + maxWaiters + " (expected: at least 1)");
        }
        return new BoundedWait(resolver, maxWait, maxWaiters);
    }

    /** Never throws. Every way not to have an answer is the answer "no credential", with a line in the log. */
    Optional<Credential> resolve(ClientHello hello) {
        CompletableFuture<Optional<Credential>> answer;
        try {
            answer = resolver.resolve(hello).toCompletableFuture();
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello);
        }
        return answer.isDone() ? get(answer, hello) : waitFor(answer, hello);
    }

    private Optional<Credential> waitFor(CompletableFuture<Optional<Credential>> answer, ClientHello hello) {
        if (!waiters.tryAcquire()) {
            log.warn(
                    "{}: handshake refused, {} others wait for a certificate already."
                            + " Raise maxWaiters together with the server's threads if this is honest traffic.",
                    hello,
                    maxWaiters);
            return Optional.empty();
        }
        try {
            return get(answer, hello);
        } finally {
            waiters.release();
        }
    }

    private Optional<Credential> get(CompletableFuture<Optional<Credential>> answer, ClientHello hello) {
        try {
            return answer.get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLong) {
            log.warn(
                    "{}: handshake refused, no certificate within {} s. The next attempt may find it.",
                    hello,
                    maxWait.toSeconds());
            return Optional.empty();
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException failure) {
            return refuseAfter(failure.getCause() == null ? failure : failure.getCause(), hello);
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello);
        }
    }

    private static Optional<Credential> refuseAfter(Throwable failure, ClientHello hello) {
        log.warn("{}: handshake refused, the certificate resolver failed: {}", hello, String.valueOf(failure));
        return Optional.empty();
    }
}
