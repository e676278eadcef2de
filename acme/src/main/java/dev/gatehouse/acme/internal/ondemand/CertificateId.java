package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.tls.SubjectName;
import java.util.Optional;

/**
 * Which certificate: the one of a subject, or its companion with another kind of key, for clients that cannot verify the
 * usual one.
 *
 * @param subject the name under which its record, its events and its status go
 * @param companion the kind of the companion's key; empty for the certificate itself
 */
public record CertificateId(SubjectName subject, Optional<CertificateKey> companion)
        implements Comparable<CertificateId> {

    public static CertificateId of(SubjectName subject) {
        return new CertificateId(subject, Optional.empty());
    }

    static CertificateId companionOf(SubjectName subject, CertificateKey key) {
        return new CertificateId(subject, Optional.of(key));
    }

    boolean isCompanion() {
        return companion.isPresent();
    }

    @Override
    public int compareTo(CertificateId other) {
        int bySubject = subject.compareTo(other.subject);
        return bySubject != 0 ? bySubject : Integer.compare(rank(), other.rank());
    }

    private int rank() {
        return companion.isPresent() ? companion.get().ordinal() : -1;
    }

    @Override
    public String toString() {
        return companion.map(key -> subject + " (" + key + ")").orElseGet(subject::value);
    }
}
