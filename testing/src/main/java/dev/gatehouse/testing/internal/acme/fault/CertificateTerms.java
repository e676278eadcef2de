package dev.gatehouse.testing.internal.acme.fault;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate is going to say.
 *
 * @param names the names and addresses
 * @param key the key that it certifies
 * @param notBefore when it begins to count
 * @param notAfter when it no longer counts
 */
public record CertificateTerms(List<String> names, PublicKey key, Instant notBefore, Instant notAfter) {

    /** Makes the list immutable. */
    public CertificateTerms {
        names = List.copyOf(names);
    }

    /** {@return the same for other names} */
    public CertificateTerms withNames(List<String> others) {
        return new CertificateTerms(others, key, notBefore, notAfter);
    }

    /** {@return the same for another key} */
    public CertificateTerms withKey(PublicKey other) {
        return new CertificateTerms(names, other, notBefore, notAfter);
    }

    /** {@return the same for another time} */
    public CertificateTerms withValidity(Instant start, Instant end) {
        return new CertificateTerms(names, key, start, end);
    }
}
