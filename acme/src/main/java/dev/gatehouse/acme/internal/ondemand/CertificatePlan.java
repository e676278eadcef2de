package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A certificate that there is or shall be: what a flight is for.
 *
 * @param id which one it is
 * @param names the names that it is to be good for, the subject among them
 * @param key the kind of its key, if it is not the issuer's usual one
 * @param isManaged whether it was asked for by the configuration, so that nobody need permit it; else a visitor's name
 */
public record CertificatePlan(
        CertificateId id, Set<SubjectName> names, Optional<CertificateKey> key, boolean isManaged) {

    static CertificatePlan onDemand(ServerName name) {
        return unmanaged(name);
    }

    /** A name that nobody manages: a visitor's, or one that is only in storage. */
    static CertificatePlan unmanaged(SubjectName name) {
        return new CertificatePlan(CertificateId.of(name), Set.of(name), Optional.empty(), false);
    }

    /** The subject is the first of the names. */
    static CertificatePlan managed(List<SubjectName> names, Optional<CertificateKey> key) {
        return new CertificatePlan(CertificateId.of(names.get(0)), Set.copyOf(names), key, true);
    }

    /** The same names with another kind of key, beside this. */
    CertificatePlan companion(CertificateKey kind) {
        return new CertificatePlan(CertificateId.companionOf(subject(), kind), names, Optional.of(kind), isManaged);
    }

    SubjectName subject() {
        return id.subject();
    }

    /** The one name, if there is one only, and that without a star. */
    Optional<ServerName> onlyName() {
        return names.size() == 1 && subject() instanceof ServerName exact ? Optional.of(exact) : Optional.empty();
    }

    /** Whether a certificate has all names. */
    boolean isSatisfiedBy(Coverage coverage) {
        return names.stream().allMatch(coverage::covers);
    }

    /** Whether a certificate has some of the names, so that it is of use for them. */
    boolean isServedBy(Coverage coverage) {
        return names.stream().anyMatch(coverage::covers);
    }

    IssuanceRequest request() {
        IssuanceRequest request = IssuanceRequest.of(subject(), names.toArray(SubjectName[]::new));
        return key.map(request::key).orElse(request);
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
