package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01Event;
import dev.gatehouse.acme.dns.Dns01Exception;
import dev.gatehouse.acme.dns.Dns01Exception.Step;
import dev.gatehouse.acme.dns.Dns01Publication;
import dev.gatehouse.acme.dns.DnsProvider;
import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.PropagationCheck.Target;
import dev.gatehouse.acme.dns.PropagationReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one record: located, presented, seen on all servers, withdrawn. Calls to the provider go through the order
 * of the record's name, so a withdrawal comes after every attempt to present, and no attempt comes after it.
 */
final class Publication implements Dns01Publication {

    private static final Logger log = LoggerFactory.getLogger(Publication.class);

    private static final BackOff PAUSES = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final SolverTools tools;
    private final RecordCalls records;
    private final Challenge challenge;
    private final CompletableFuture<PropagationReport> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final AtomicBoolean withdrawn = new AtomicBoolean();
    private volatile @Nullable ChallengeRecord record;

    /** Read and written in the order of the record's name only. */
    private boolean attempted;

    /**
     * What is to be answered.
     *
     * @param domain what is validated
     * @param token the token
     * @param keyAuthorization the key authorization
     */
    record Challenge(String domain, String token, String keyAuthorization) {}

    /**
     * What all publications of a solver share.
     *
     * @param calls puts the calls for one name into an order
     * @param uses counts who needs a record
     * @param removals removes records
     * @param search asks DNS; null where nothing is to be asked
     */
    record RecordCalls(
            CallsInOrder calls,
            RecordUses uses,
            Removals removals,
            @Nullable DnsSearch search) {}

    Publication(SolverTools tools, RecordCalls records, Challenge challenge) {
        this.tools = tools;
        this.records = records;
        this.challenge = challenge;
    }

    void begin() {
        CompletionStage<Void> unused = locate().thenAccept(this::presentAt).exceptionally(failure -> {
            fail(explained(Step.LOCATE, DnsClient.rootOf(failure)));
            return null;
        });
    }

    @Override
    public CompletionStage<PropagationReport> ready() {
        return ready.minimalCompletionStage();
    }

    @Override
    public Optional<ChallengeRecord> record() {
        return Optional.ofNullable(record);
    }

    @Override
    public CompletionStage<Void> withdraw() {
        if (withdrawn.compareAndSet(false, true)) {
            ready.completeExceptionally(
                    new CancellationException(challenge.domain() + ": its challenge was withdrawn"));
            ChallengeRecord located = record;
            if (located == null) {
                gone.complete(null);
            } else {
                remove(located);
            }
        }
        return gone.minimalCompletionStage();
    }

    private void remove(ChallengeRecord located) {
        CompletionStage<Void> unused = records.calls()
                .run(located.name(), () -> endUse(located))
                .thenCompose(
                        needed -> needed ? records.removals().begin(located) : CompletableFuture.completedStage(null))
                .handle((removed, failure) -> {
                    if (failure != null) {
                        log.warn("{}: is left in DNS, for the workers are stopped. It stays in the journal.", located);
                    }
                    gone.complete(null);
                    return null;
                });
    }

    private boolean endUse(ChallengeRecord located) {
        if (attempted) {
            records.uses().end(located);
        }
        return attempted;
    }

    private CompletionStage<RecordPlace> locate() {
        String name = tools.settings().recordName().orElseGet(() -> ChallengeRecord.PREFIX + challenge.domain());
        DnsSearch search = records.search();
        boolean isKnown = !tools.settings().followsAliases()
                && tools.settings().propagation().target() != Target.AUTHORITATIVE_SERVERS;
        return search == null || isKnown
                ? CompletableFuture.completedStage(new RecordPlace(name, null))
                : search.find(name);
    }

    private void presentAt(RecordPlace place) {
        ChallengeRecord located = new ChallengeRecord(
                place.name(),
                challenge.domain(),
                challenge.token(),
                challenge.keyAuthorization(),
                tools.settings().timeToLive());
        record = located;
        Instant deadline = tools.clock().instant().plus(tools.settings().presentTimeout());
        present(located, place, 1, deadline);
    }

    private void present(ChallengeRecord located, RecordPlace place, int attempt, Instant deadline) {
        CompletionStage<Void> unused = records.calls()
                .run(located.name(), () -> presentOnce(located))
                .thenAccept(presented -> awaitPropagation(located, place))
                .exceptionally(failure -> {
                    presentAgain(located, place, attempt, deadline, DnsClient.rootOf(failure));
                    return null;
                });
    }

    private boolean presentOnce(ChallengeRecord located) throws DnsProviderException {
        if (withdrawn.get()) {
            throw new CancellationException();
        }
        if (!attempted) {
            attempted = true;
            records.uses().begin(located);
            remember(located);
        }
        DnsProvider provider = tools.settings().providerFor(located.name());
        provider.present(located);
        log.info("{}: presented by {} for {}", located, provider, challenge.domain());
        tools.tell(new Dns01Event.Presented(located));
        return true;
    }

    private void remember(ChallengeRecord located) {
        try {
            tools.journal().add(located, tools.clock().instant());
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "{}: not in the journal ({}), so it would stay in DNS if this process crashed now.",
                    located,
                    failure.toString());
        }
    }

    private void presentAgain(
            ChallengeRecord located, RecordPlace place, int attempt, Instant deadline, Throwable failure) {
        if (failure instanceof DnsProviderException provider && provider.isTemporary()) {
            Duration pause = PAUSES.after(attempt, provider.retryAfter(), tools.random());
            Instant next = tools.clock().instant().plus(pause);
            if (!next.isAfter(deadline)) {
                log.warn("{}: could not be presented, next try at {}. {}", located, next, provider.getMessage());
                tools.tell(new Dns01Event.PresentRetried(located, String.valueOf(provider.getMessage()), next));
                tools.timer().schedule(() -> present(located, place, attempt + 1, deadline), pause);
                return;
            }
        }
        fail(explained(Step.PRESENT, failure));
    }

    private void awaitPropagation(ChallengeRecord located, RecordPlace place) {
        DnsSearch search = records.search();
        CompletionStage<PropagationReport> seen = search == null
                        || tools.settings().propagation().target() == Target.NOBODY
                ? CompletableFuture.completedStage(new PropagationReport(located, "", List.of(), 0, Duration.ZERO))
                : search.await(located, place, withdrawn::get);
        CompletionStage<Void> unused = seen.thenAccept(this::waitOnce).exceptionally(failure -> {
            fail(explained(Step.PROPAGATION, DnsClient.rootOf(failure)));
            return null;
        });
    }

    private void waitOnce(PropagationReport report) {
        Duration extraWait = tools.settings().propagation().extraWait();
        if (extraWait.isZero()) {
            handOver(report);
        } else {
            tools.timer().schedule(() -> handOver(report), extraWait);
        }
    }

    private void handOver(PropagationReport report) {
        if (withdrawn.get()) {
            return;
        }
        log.info(
                "{}: shown by {} of {} name servers after {}",
                report.record(),
                report.serverCount() - report.missingServerCount(),
                report.serverCount(),
                Texts.show(report.elapsed()));
        tools.tell(new Dns01Event.Propagated(report));
        ready.complete(report);
    }

    private Throwable explained(Step step, Throwable failure) {
        if (failure instanceof Dns01Exception || failure instanceof CancellationException) {
            return failure;
        }
        boolean isExplained = failure instanceof DnsProviderException
                || failure instanceof LookupException
                || step == Step.LOCATE && failure instanceof IllegalArgumentException;
        String remedy = isExplained
                ? String.valueOf(failure.getMessage())
                : failure + ". This is a fault of the DNS provider or of Gatehouse; report it.";
        return Dns01Exception.at(
                step, challenge.domain() + ": its DNS-01 challenge cannot be answered. " + remedy, failure);
    }

    private void fail(Throwable failure) {
        if (failure instanceof Dns01Exception problem && !withdrawn.get()) {
            log.warn("{}", Texts.oneLine(String.valueOf(problem.getMessage()), 2_000));
            problem.report().ifPresent(report -> tools.tell(new Dns01Event.NotPropagated(report)));
        }
        ready.completeExceptionally(failure);
        CompletionStage<Void> unused = withdraw();
    }
}
