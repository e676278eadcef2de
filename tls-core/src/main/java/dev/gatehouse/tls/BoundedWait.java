package dev.gatehouse.tls;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a resolver on the handshake's thread: not longer than allowed, and not on more threads than allowed. */
final class BoundedWait {

    private final CertificateResolver resolver;
    private final Duration maxWait;
    private final int maxWaiters;
    private final Semaphore waiters;
    private final RefusalLog refusals;

    private BoundedWait(CertificateResolver resolver, Duration maxWait, int maxWaiters, RefusalLog refusals) {
        this.resolver = resolver;
        this.maxWait = maxWait;
        this.maxWaiters = maxWaiters;
        this.waiters = new Semaphore(maxWaiters);
        this.refusals = refusals;
    }

    static BoundedWait on(CertificateResolver resolver, Duration maxWait, int maxWaiters, RefusalLog refusals) {
        if (maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException("maxWait: " + maxWait + " (expected: more than zero)");
        }
        if (maxWaiters < 1) {
            throw new IllegalArgumentException("maxWaiters: " + maxWaiters + " (expected: at least 1)");
        }
        return new BoundedWait(resolver, maxWait, maxWaiters, refusals);
    }

    /** Never throws. Every way not to have a credential is the answer "none", with a line in the log and an event. */
    Optional<Credential> resolve(ClientHello hello) {
        return resolve(hello, true);
    }

    /** The same where another question of the same handshake may have a better answer, so that none is not a refusal. */
    Optional<Credential> resolveAnother(ClientHello hello) {
        return resolve(hello, false);
    }

    private Optional<Credential> resolve(ClientHello hello, boolean noneIsRefusal) {
        CompletableFuture<Optional<Credential>> answer;
        try {
            answer = resolver.resolve(hello).toCompletableFuture();
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello);
        }
        return answer.isDone() ? get(answer, hello, noneIsRefusal) : waitFor(answer, hello, noneIsRefusal);
    }

    /** Tells whether there is a credential, or may be one later. Never waits. */
    boolean mayResolve(ClientHello hello) {
        CompletableFuture<Optional<Credential>> answer;
        try {
            answer = resolver.resolve(hello).toCompletableFuture();
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello).isPresent();
        }
        return !answer.isDone() || get(answer, hello, true).isPresent();
    }

    private Optional<Credential> waitFor(
            CompletableFuture<Optional<Credential>> answer, ClientHello hello, boolean noneIsRefusal) {
        if (!waiters.tryAcquire()) {
            refusals.failed(refusal(
                    hello,
                    maxWaiters + " others wait for a certificate already. Raise maxWaiters together with the server's"
                            + " threads if this is honest traffic."));
            return Optional.empty();
        }
        try {
            return get(answer, hello, noneIsRefusal);
        } finally {
            waiters.release();
        }
    }

    private Optional<Credential> get(
            CompletableFuture<Optional<Credential>> answer, ClientHello hello, boolean noneIsRefusal) {
        try {
            Optional<Credential> found = answer.get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
            return found.isPresent() ? found : none(hello, RefusalLog.noCertificateFor(hello), noneIsRefusal);
        } catch (TimeoutException tooLong) {
            refusals.failed(refusal(hello, RefusalLog.noCertificateWithin(maxWait)));
            return Optional.empty();
        } catch (InterruptedException shutdown) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return cause instanceof NoCertificateException decision
                    ? none(hello, String.valueOf(decision.getMessage()), noneIsRefusal)
                    : refuseAfter(cause, hello);
        } catch (RuntimeException failure) {
            return refuseAfter(failure, hello);
        }
    }

    private Optional<Credential> none(ClientHello hello, String reason, boolean noneIsRefusal) {
        if (noneIsRefusal) {
            refusals.refused(refusal(hello, reason));
        }
        return Optional.empty();
    }

    private Optional<Credential> refuseAfter(Throwable failure, ClientHello hello) {
        refusals.failed(refusal(hello, RefusalLog.resolverFailed(failure)));
        return Optional.empty();
    }

    private static HandshakeRefused refusal(ClientHello hello, String reason) {
        return new HandshakeRefused(
                hello.serverName(), hello.clientAddress(), Optional.of(TlsAlert.UNRECOGNIZED_NAME), reason);
    }
}
