package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.ManagedCertificate;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that the configuration asks certificates for. Each name belongs to one certificate; what would contradict that
 * is refused as a whole. Reading takes no lock.
 */
public final class ManagedNames {

    private final Set<ServerName> wildcardZones;
    private final boolean canProveWildcards;
    private final Map<SubjectName, ManagedGroup> byName = new ConcurrentHashMap<>();
    private final Map<WildcardName, Set<ServerName>> coveredSingles = new HashMap<>();

    /**
     * With the zones whose single names go into a wildcard certificate, and whether wildcard names can be proven at all.
     */
    public ManagedNames(Set<ServerName> wildcardZones, boolean canProveWildcards) {
        this.wildcardZones = Set.copyOf(wildcardZones);
        this.canProveWildcards = canProveWildcards;
        if (!canProveWildcards && !wildcardZones.isEmpty()) {
            throw needsDns(WildcardName.of("*." + wildcardZones.iterator().next()));
        }
    }

    /** Adds certificates, all or none. Returns the plans of all that are asked for, new or not. */
    public synchronized List<CertificatePlan> add(Collection<ManagedCertificate> certificates) {
        Map<SubjectName, ManagedGroup> added = new HashMap<>();
        Map<WildcardName, Set<ServerName>> covered = new HashMap<>();
        Set<ManagedGroup> wanted = new LinkedHashSet<>();
        for (ManagedCertificate certificate : certificates) {
            ManagedCertificate effective = wildcardFor(certificate, covered).orElse(certificate);
            wanted.add(enter(effective, added));
        }
        byName.putAll(added);
        covered.forEach((wildcard, singles) -> coveredSingles
                .computeIfAbsent(wildcard, first -> new HashSet<>())
                .addAll(singles));
        return wanted.stream().flatMap(group -> group.plans().stream()).toList();
    }

    private Optional<ManagedCertificate> wildcardFor(
            ManagedCertificate certificate, Map<WildcardName, Set<ServerName>> covered) {
        boolean isPlainSingle = certificate.names().size() == 1
                && certificate.key().isEmpty()
                && certificate.companionKey().isEmpty();
        if (!isPlainSingle || !(certificate.subject() instanceof ServerName single)) {
            return Optional.empty();
        }
        return single.parent().filter(wildcardZones::contains).map(zone -> {
            WildcardName wildcard = WildcardName.of("*." + zone);
            covered.computeIfAbsent(wildcard, first -> new HashSet<>()).add(single);
            return ManagedCertificate.of(wildcard.value());
        });
    }

    private ManagedGroup enter(ManagedCertificate certificate, Map<SubjectName, ManagedGroup> added) {
        ManagedGroup group = ManagedGroup.of(certificate);
        for (SubjectName name : certificate.names()) {
            if (name instanceof WildcardName wildcard && !canProveWildcards) {
                throw needsDns(wildcard);
            }
            ManagedGroup present = added.getOrDefault(name, byName.get(name));
            if (present == null) {
                continue;
            }
            if (present.certificate().equals(certificate)) {
                return present;
            }
            throw new IllegalArgumentException(name + ": managed already, in the certificate for "
                    + present.certificate() + ", and cannot be in the one for " + certificate
                    + " as well. Manage it once, or unmanage the other first.");
        }
        certificate.names().forEach(name -> added.put(name, group));
        return group;
    }

    private static IllegalArgumentException needsDns(WildcardName wildcard) {
        return new IllegalArgumentException(
                wildcard
                        + ": a wildcard name can only be proven by DNS-01, and no solver is set. Set one, or manage single names.");
    }

    /** Takes certificates out, all or none. Names that are not managed are ignored. Returns the plans that end. */
    public synchronized List<CertificatePlan> remove(Collection<SubjectName> names) {
        Set<SubjectName> wanted = new LinkedHashSet<>(names);
        Set<ManagedGroup> ending = new LinkedHashSet<>();
        for (SubjectName name : wanted) {
            ManagedGroup group = byName.get(name);
            if (group == null) {
                continue;
            }
            if (!wanted.containsAll(group.certificate().names())) {
                throw new IllegalArgumentException(name + ": its certificate is for " + group.certificate()
                        + ". Unmanage all of them, and manage those that stay.");
            }
            ending.add(group);
        }
        ending.addAll(uncovered(wanted));
        ending.forEach(group -> group.certificate().names().forEach(byName::remove));
        return ending.stream().flatMap(group -> group.plans().stream()).toList();
    }

    /** A wildcard that stands for single names ends with the last of them. */
    private List<ManagedGroup> uncovered(Set<SubjectName> names) {
        List<ManagedGroup> ending = new ArrayList<>();
        coveredSingles.entrySet().removeIf(entry -> {
            boolean isChanged = entry.getValue().removeAll(names);
            boolean isOver = isChanged && entry.getValue().isEmpty();
            if (isOver) {
                Optional.ofNullable(byName.get(entry.getKey())).ifPresent(ending::add);
            }
            return isOver;
        });
        return ending;
    }

    /** The plan that a name belongs to, by itself or by a wildcard above it. */
    public Optional<CertificatePlan> planFor(ServerName name) {
        ManagedGroup exact = byName.get(name);
        if (exact != null) {
            return Optional.of(exact.planOf(name));
        }
        if (!canProveWildcards) {
            return Optional.empty();
        }
        return name.parent()
                .filter(parent -> !name.isIpAddress() && parent.value().indexOf('.') > 0)
                .map(parent -> WildcardName.of("*." + parent))
                .flatMap(wildcard -> Optional.ofNullable(byName.get(wildcard)).map(group -> group.planOf(wildcard)));
    }

    /** Which certificate a client uses that asks for a name. */
    CertificateId idFor(ServerName name) {
        return byName.isEmpty()
                ? CertificateId.of(name)
                : planFor(name).map(CertificatePlan::id).orElseGet(() -> CertificateId.of(name));
    }

    /** The group that a name is in. */
    Optional<ManagedGroup> groupOf(SubjectName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All groups, each once. */
    Set<ManagedGroup> groups() {
        return new LinkedHashSet<>(byName.values());
    }

    /** Puts names on their own, or back; false if the group is not managed any more. */
    synchronized boolean regroup(ManagedGroup before, ManagedGroup after) {
        SubjectName subject = before.certificate().subject();
        if (byName.get(subject) != before) {
            return false;
        }
        after.certificate().names().forEach(name -> byName.put(name, after));
        return true;
    }
}
