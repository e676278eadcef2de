package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.tls.SubjectName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps certificates with several names going when one of them cannot be validated: that name is split off and tried alone,
 * and comes back at the next renewal of the others when it has a certificate of its own by then.
 */
final class GroupKeeper {

    private final ManagedNames managed;
    private final GroupSplits splits;
    private final Prospects prospects;
    private final Residents residents;
    private final InstantSource clock;
    private final Consumer<CertificateEvent> events;

    private final Set<SubjectName> read = ConcurrentHashMap.newKeySet();

    /** Certificates that are served until another one has their names. */
    private final Map<CertificateId, Set<CertificateId>> succeeded = new ConcurrentHashMap<>();

    GroupKeeper(
            ManagedNames managed,
            GroupSplits splits,
            Prospects prospects,
            Residents residents,
            InstantSource clock,
            Consumer<CertificateEvent> events) {
        this.managed = managed;
        this.splits = splits;
        this.prospects = prospects;
        this.residents = residents;
        this.clock = clock;
        this.events = events;
    }

    /** The plan as it is after what storage knows of names that were split off. May block, once for each group. */
    CertificatePlan current(CertificatePlan plan) {
        Optional<ManagedGroup> group = groupOf(plan);
        if (group.isEmpty() || group.get().certificate().names().size() == 1) {
            return plan;
        }
        if (read.add(group.get().certificate().subject())) {
            Set<SubjectName> split = splits.read(group.get());
            if (!split.isEmpty()) {
                regroup(group.get(), group.get().without(split), clock.instant());
            }
        }
        return groupOf(plan).flatMap(now -> now.planOf(plan.id())).orElse(plan);
    }

    /** A name cannot be validated; the others go on without it. False if it is the only one. May block. */
    boolean splitOff(CertificatePlan plan, SubjectName failing, String reason, Instant nextTry) {
        Optional<ManagedGroup> group = groupOf(plan);
        if (group.isEmpty() || plan.names().size() == 1 || !plan.names().contains(failing)) {
            return false;
        }
        Set<SubjectName> split = new TreeSet<>(group.get().splitOff());
        split.add(failing);
        ManagedGroup after = group.get().without(split);
        if (after == group.get() || !regroup(group.get(), after, nextTry)) {
            return false;
        }
        splits.write(after);
        events.accept(new CertificateEvent.SplitOff(failing, plan.subject(), reason));
        return true;
    }

    /** The plan for the next certificate of a group: with those names again that work by themselves now. May block. */
    CertificatePlan rejoined(CertificatePlan plan) {
        Optional<ManagedGroup> group = groupOf(plan);
        if (group.isEmpty()
                || group.get().splitOff().isEmpty()
                || plan.names().size() == 1 && isSplit(group.get(), plan)) {
            return plan;
        }
        Set<SubjectName> stillOut =
                group.get().splitOff().stream().filter(name -> !works(name)).collect(Collectors.toSet());
        ManagedGroup after = group.get().without(stillOut);
        if (stillOut.size() == group.get().splitOff().size() || !regroup(group.get(), after, clock.instant())) {
            return plan;
        }
        splits.write(after);
        CertificatePlan main = after.plans().get(0);
        return plan.id().isCompanion() ? after.planOf(companionId(main, plan)).orElse(main) : main;
    }

    /** Ends what a new certificate has taken the place of. */
    void served(CertificatePlan plan) {
        Set<CertificateId> over = succeeded.remove(plan.id());
        if (over != null) {
            over.forEach(residents::remove);
        }
    }

    private boolean works(SubjectName name) {
        return prospects
                .find(CertificateId.of(name))
                .filter(single ->
                        single.renewal().isPresent() && single.failure().isEmpty())
                .isPresent();
    }

    private static boolean isSplit(ManagedGroup group, CertificatePlan plan) {
        return group.splitOff().contains(plan.subject());
    }

    private static CertificateId companionId(CertificatePlan main, CertificatePlan plan) {
        return plan.id()
                .companion()
                .map(key -> CertificateId.companionOf(main.subject(), key))
                .orElse(main.id());
    }

    private Optional<ManagedGroup> groupOf(CertificatePlan plan) {
        return plan.isManaged() ? managed.groupOf(plan.subject()) : Optional.empty();
    }

    /** Plans that end are served until the main plan has a certificate; new ones are begun. */
    private boolean regroup(ManagedGroup before, ManagedGroup after, Instant splitAt) {
        if (!managed.regroup(before, after)) {
            return false;
        }
        List<CertificateId> remaining =
                after.plans().stream().map(CertificatePlan::id).toList();
        Set<CertificateId> ending = before.plans().stream()
                .map(CertificatePlan::id)
                .filter(id -> !remaining.contains(id))
                .collect(Collectors.toSet());
        ending.forEach(prospects::remove);
        succeeded.put(after.plans().get(0).id(), ending);
        for (CertificatePlan plan : after.plans()) {
            boolean isAlone = after.splitOff().contains(plan.subject());
            Optional<Prospect> known = prospects.find(plan.id());
            if (known.isEmpty() || !known.get().plan().equals(plan)) {
                Prospect next = known.map(present -> present.inPlan(plan)).orElseGet(() -> Prospect.of(plan));
                prospects.put(next, isAlone ? splitAt : clock.instant());
            }
        }
        return true;
    }
}
