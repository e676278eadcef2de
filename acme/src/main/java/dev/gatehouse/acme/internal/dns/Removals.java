package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01Event;
import dev.gatehouse.acme.dns.DnsProvider;
import dev.gatehouse.acme.dns.DnsProviderException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes records, and tries again until the clean-up's own time is over. At most 1,000 records wait for another try;
 * what is given up stays in the journal.
 */
final class Removals {

    private static final Logger log = LoggerFactory.getLogger(Removals.class);

    private static final int MOST_WAITING = 1_000;
    private static final BackOff PAUSES = new BackOff(Duration.ofSeconds(5), Duration.ofMinutes(10));

    private final SolverTools tools;
    private final CallsInOrder calls;
    private final RecordUses uses;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private volatile boolean closed;

    Removals(SolverTools tools, CallsInOrder calls, RecordUses uses) {
        this.tools = tools;
        this.calls = calls;
        this.uses = uses;
    }

    /** The stage ends, without a failure, when the record is gone, is used by others, or was given up. */
    CompletionStage<Void> begin(ChallengeRecord record) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        attempt(record, 1, tools.clock().instant().plus(tools.settings().cleanUpTimeout()), done);
        return done.minimalCompletionStage();
    }

    /** No more tries; those under way end. */
    void close() {
        closed = true;
        int left = MOST_WAITING - waiting.availablePermits();
        if (left > 0) {
            log.warn(
                    "{} TXT records of DNS-01 challenges are left: the solver was closed before they could be removed."
                            + " They are in the journal, and removed as leftovers after the next start.",
                    left);
        }
    }

    private void attempt(ChallengeRecord record, int attempt, Instant deadline, CompletableFuture<Void> done) {
        CompletionStage<Void> unused = calls.run(record.name(), () -> remove(record))
                .thenAccept(removed -> done.complete(null))
                .exceptionally(failure -> {
                    retry(record, attempt, deadline, done, DnsClient.rootOf(failure));
                    return null;
                });
    }

    private boolean remove(ChallengeRecord record) throws DnsProviderException {
        if (uses.isUsed(record)) {
            log.debug("{}: another order needs it, so it stays", record);
            return false;
        }
        DnsProvider provider = tools.settings().providerFor(record.name());
        provider.remove(record);
        forget(record);
        log.info("{}: removed by {}", record, provider);
        tools.tell(new Dns01Event.Removed(record));
        return true;
    }

    private void forget(ChallengeRecord record) {
        try {
            tools.journal().remove(record);
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "{}: removed, but still in the journal ({}). It will be removed again as a leftover, to no effect.",
                    record,
                    failure.toString());
        }
    }

    private void retry(
            ChallengeRecord record, int attempt, Instant deadline, CompletableFuture<Void> done, Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        Optional<Duration> wanted =
                failure instanceof DnsProviderException provider ? provider.retryAfter() : Optional.empty();
        Duration pause = PAUSES.after(attempt, wanted, tools.random());
        Instant next = tools.clock().instant().plus(pause);
        if (failure instanceof RejectedExecutionException) {
            abandon(record, "The workers are stopped.", done);
        } else if (closed || next.isAfter(deadline)) {
            abandon(record, reason, done);
        } else if (!waiting.tryAcquire()) {
            abandon(record, reason + " Too many other records wait for their removal.", done);
        } else {
            log.warn("{}: could not be removed, next try at {}. {}", record, next, reason);
            tools.tell(new Dns01Event.RemovalRetried(record, reason, next));
            tools.timer()
                    .schedule(
                            () -> {
                                waiting.release();
                                attempt(record, attempt + 1, deadline, done);
                            },
                            pause);
        }
    }

    private void abandon(ChallengeRecord record, String reason, CompletableFuture<Void> done) {
        log.warn(
                "{}: is left in DNS, harmless but untidy. {} Remove it by hand, or have leftovers removed.",
                record,
                reason);
        tools.tell(new Dns01Event.RemovalAbandoned(record, reason));
        done.complete(null);
    }
}
