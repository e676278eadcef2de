package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.ManagedCertificate;
import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Sets certificates going that nobody has to ask for: at the start by one look at the storage's index of expiries, later one
 * by one. A record is read when its turn comes, spread over time, and at once only where it ends soon.
 */
final class ManagedWork {

    private static final Duration LONGEST_BEFORE_READING = Duration.ofHours(6);
    private static final int SHARE_OF_THE_REST = 20;
    private static final Duration WITHOUT_MANAGED_NAMES = Duration.ofSeconds(30);

    private final PipelineTools tools;
    private final ManagedNames managed;
    private final Prospects prospects;
    private final FirstAttempts firstAttempts;

    ManagedWork(PipelineTools tools, ManagedNames managed, Prospects prospects, FirstAttempts firstAttempts) {
        this.tools = tools;
        this.managed = managed;
        this.prospects = prospects;
        this.firstAttempts = firstAttempts;
    }

    void start(Collection<ManagedCertificate> certificates) {
        managed.add(certificates).forEach(plan -> prospects.enter(Prospect.of(plan)));
        new StorageSurvey(
                        tools.context().storage(),
                        tools.storageWorker(),
                        tools.alarms(),
                        this::found,
                        complete -> beginMissing())
                .begin(certificates.isEmpty() ? WITHOUT_MANAGED_NAMES : Duration.ZERO);
    }

    /** A record in storage, by its name. */
    private void found(String record, Instant expiry) {
        Instant now = now();
        if (expiry.isBefore(now)) {
            return;
        }
        planOfRecord(record)
                .filter(plan -> prospects.timeOf(plan.id()).isEmpty() && !isKnown(plan.id()))
                .ifPresent(plan -> prospects.put(Prospect.stored(plan, expiry), now.plus(untilRead(now, expiry))));
    }

    /** What is being worked on now has no time either, and must not be forgotten. */
    private boolean isKnown(CertificateId id) {
        return prospects.find(id).flatMap(Prospect::renewal).isPresent();
    }

    private Optional<CertificatePlan> planOfRecord(String record) {
        try {
            SubjectName name = SubjectName.of(record);
            Optional<ManagedGroup> group = managed.groupOf(name);
            if (group.isPresent()) {
                return group.get().planOf(CertificateId.of(name));
            }
            boolean isVisited = tools.isOnDemand()
                    && name instanceof ServerName visited
                    && managed.planFor(visited).isEmpty();
            return isVisited ? Optional.of(CertificatePlan.onDemand((ServerName) name)) : Optional.empty();
        } catch (InvalidNameException companion) {
            return Optional.empty();
        }
    }

    private Duration untilRead(Instant now, Instant expiry) {
        Duration share = Duration.between(now, expiry).dividedBy(SHARE_OF_THE_REST);
        Duration longest = share.compareTo(LONGEST_BEFORE_READING) < 0 ? share : LONGEST_BEFORE_READING;
        return Duration.ofMillis(tools.context().random().nextLong(Math.max(1, longest.toMillis())));
    }

    /** What storage does not have, as far as it can be read. */
    private void beginMissing() {
        Instant now = now();
        prospects.inOrder().keySet().forEach(id -> prospects.ensureTime(id, now));
    }

    CompletionStage<Void> manage(Collection<ManagedCertificate> certificates) {
        List<CertificatePlan> plans = managed.add(certificates);
        List<CertificateId> fresh = plans.stream()
                .filter(plan -> prospects
                        .find(plan.id())
                        .filter(known ->
                                known.plan().isManaged() && known.renewal().isPresent())
                        .isEmpty())
                .map(CertificatePlan::id)
                .toList();
        CompletionStage<Void> over = firstAttempts.await(fresh);
        for (CertificatePlan plan : plans) {
            Optional<Prospect> known = prospects.find(plan.id());
            if (known.filter(present -> present.plan().isManaged()).isEmpty()) {
                Prospect next = known.map(present -> present.inPlan(plan)).orElseGet(() -> Prospect.of(plan));
                prospects.put(next, now());
            }
        }
        return over;
    }

    /** What is not managed any more is still served if the policy for visitors' names may go on with it. */
    List<CertificatePlan> unmanage(Collection<SubjectName> names) {
        List<CertificatePlan> ended = managed.remove(names);
        for (CertificatePlan plan : ended) {
            prospects.remove(plan.id());
            firstAttempts.ended(plan.id());
            Optional<ServerName> onlyName =
                    plan.onlyName().filter(name -> !plan.id().isCompanion());
            boolean goesOn = tools.isOnDemand()
                    && onlyName.isPresent()
                    && tools.residents().find(plan.id()).isPresent();
            if (goesOn) {
                prospects.put(Prospect.of(CertificatePlan.onDemand(onlyName.get())), now());
            } else {
                tools.residents().remove(plan.id());
            }
        }
        return ended;
    }

    /** The plans that a name belongs to, with their companions; for a name that is not managed one of its own. */
    List<CertificatePlan> plansFor(SubjectName name) {
        Optional<CertificatePlan> main = name instanceof ServerName exact
                ? managed.planFor(exact)
                : managed.groupOf(name).map(group -> group.planOf(name));
        return main.map(plan -> managed.groupOf(plan.subject()).orElseThrow().plans().stream()
                        .filter(other -> other.subject().equals(plan.subject()))
                        .toList())
                .orElseGet(() -> List.of(CertificatePlan.unmanaged(name)));
    }

    private Instant now() {
        return tools.context().clock().instant();
    }
}
