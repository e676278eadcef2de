package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01Exception;
import dev.gatehouse.acme.dns.PropagationCheck;
import dev.gatehouse.acme.dns.PropagationReport;
import dev.gatehouse.acme.dns.ServerAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** Asks all servers for one record, round after round, until each shows it. Between two rounds nothing waits but a timer. */
final class PropagationWait {

    private static final Logger log = LoggerFactory.getLogger(PropagationWait.class);

    private final DnsClient client;
    private final PropagationCheck check;
    private final IssuanceContext.Timer timer;
    private final InstantSource clock;
    private final ChallengeRecord record;
    private final String zone;
    private final List<ServerQuestion> questions;
    private final BooleanSupplier isCancelled;
    private final CompletableFuture<PropagationReport> done = new CompletableFuture<>();
    private final Instant start;

    PropagationWait(
            DnsClient client,
            PropagationCheck check,
            IssuanceContext.Timer timer,
            InstantSource clock,
            ChallengeRecord record,
            RecordPlace place,
            BooleanSupplier isCancelled) {
        this.client = client;
        this.check = check;
        this.timer = timer;
        this.clock = clock;
        this.record = record;
        this.isCancelled = isCancelled;
        this.start = clock.instant();
        boolean onAuthoritative = check.target() == PropagationCheck.Target.AUTHORITATIVE_SERVERS;
        this.zone =
                onAuthoritative ? place.knownZone().map(ZoneServers::zoneName).orElse("") : "";
        this.questions = onAuthoritative
                ? place.knownZone().stream()
                        .flatMap(known -> known.servers().stream())
                        .flatMap(server -> ServerQuestion.to(server).stream())
                        .toList()
                : check.servers().stream().map(ServerQuestion::toAny).toList();
    }

    /** Completes with the report of the last round, or fails with a {@link Dns01Exception} that holds it. */
    CompletionStage<PropagationReport> begin() {
        // A resolver that is asked too early remembers for a while that there is nothing.
        if (check.target() == PropagationCheck.Target.CERTAIN_SERVERS) {
            timer.schedule(() -> round(1), check.interval());
        } else {
            round(1);
        }
        return done;
    }

    private void round(int number) {
        if (isCancelled.getAsBoolean()) {
            done.cancel(false);
            return;
        }
        CompletionStage<List<ServerAnswer>> all = CompletableFuture.completedStage(List.of());
        for (ServerQuestion question : questions) {
            all = all.thenCombine(question.ask(client, nameOf(record), record.value()), (answers, answer) -> {
                List<ServerAnswer> more = new ArrayList<>(answers);
                more.add(answer);
                return more;
            });
        }
        CompletionStage<Void> unused = all.thenAccept(answers -> judge(number, answers))
                .exceptionally(failure -> {
                    done.completeExceptionally(failure);
                    return null;
                });
    }

    private void judge(int number, List<ServerAnswer> answers) {
        Instant now = clock.instant();
        PropagationReport report = new PropagationReport(record, zone, answers, number, Duration.between(start, now));
        if (report.isComplete()) {
            done.complete(report);
            return;
        }
        log.debug("{}: round {} of asking the servers:{}", record, number, report);
        if (now.plus(check.interval()).isAfter(start.plus(check.timeout()))) {
            end(report);
        } else {
            timer.schedule(() -> round(number + 1), check.interval());
        }
    }

    private void end(PropagationReport report) {
        if (check.ignoresSilentServers() && report.isCompleteButForSilentServers()) {
            log.warn(
                    "{}: {} silent of {} name servers are ignored, as configured: {}. Mend them or remove their NS records.",
                    record.name(),
                    report.missingServerCount(),
                    report.serverCount(),
                    PropagationRemedy.listed(report.missing()));
            done.complete(report);
        } else {
            done.completeExceptionally(Dns01Exception.notPropagated(PropagationRemedy.explain(report, check), report));
        }
    }

    private static Name nameOf(ChallengeRecord record) {
        try {
            return Name.fromString(record.name(), Name.root);
        } catch (TextParseException impossible) {
            throw new IllegalStateException(record.name() + " was looked up before", impossible);
        }
    }
}
