package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.ManagedCertificate;
import dev.gatehouse.tls.SubjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The plans for one managed certificate: usually one; with a companion two; and names that cannot be validated have plans of
 * their own. Immutable.
 */
final class ManagedGroup {

    private final ManagedCertificate certificate;
    private final Set<SubjectName> splitOff;
    private final List<CertificatePlan> plans;

    private ManagedGroup(ManagedCertificate certificate, Set<SubjectName> splitOff) {
        this.certificate = certificate;
        this.splitOff = splitOff;
        this.plans = plansFor(certificate, splitOff);
    }

    static ManagedGroup of(ManagedCertificate certificate) {
        return new ManagedGroup(certificate, Set.of());
    }

    /** The same with these names on their own; one at least stays. */
    ManagedGroup without(Set<SubjectName> names) {
        Set<SubjectName> known = new TreeSet<>(names);
        known.retainAll(certificate.names());
        return known.size() == certificate.names().size() ? this : new ManagedGroup(certificate, Set.copyOf(known));
    }

    ManagedCertificate certificate() {
        return certificate;
    }

    Set<SubjectName> splitOff() {
        return splitOff;
    }

    /** The main plan first. */
    List<CertificatePlan> plans() {
        return plans;
    }

    /** The plan that a name belongs to. */
    CertificatePlan planOf(SubjectName name) {
        return plans.stream()
                .filter(plan -> !plan.id().isCompanion() && plan.names().contains(name))
                .findFirst()
                .orElseThrow();
    }

    Optional<CertificatePlan> planOf(CertificateId id) {
        return plans.stream().filter(plan -> plan.id().equals(id)).findFirst();
    }

    private static List<CertificatePlan> plansFor(ManagedCertificate certificate, Set<SubjectName> splitOff) {
        if (certificate.names().size() == 1 && certificate.companionKey().isEmpty()) {
            return List.of(CertificatePlan.managed(List.of(certificate.subject()), certificate.key()));
        }
        List<CertificatePlan> plans = new ArrayList<>();
        addPlans(
                plans,
                certificate.names().stream()
                        .filter(name -> !splitOff.contains(name))
                        .toList(),
                certificate);
        splitOff.forEach(name -> addPlans(plans, List.of(name), certificate));
        return List.copyOf(plans);
    }

    private static void addPlans(List<CertificatePlan> plans, List<SubjectName> names, ManagedCertificate certificate) {
        CertificatePlan plan = CertificatePlan.managed(names, certificate.key());
        plans.add(plan);
        certificate.companionKey().map(plan::companion).ifPresent(plans::add);
    }
}
