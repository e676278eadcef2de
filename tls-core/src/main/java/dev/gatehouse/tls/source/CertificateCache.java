package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.Octets;
import dev.gatehouse.tls.internal.pem.PemSection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps one object for each intermediate, since thousands of files have the same few. Safe for use by several threads. */
final class CertificateCache {

    private static final int MAX_AUTHORITIES = 10_000;

    private final Map<Octets, EncodedCertificate> authorities = new ConcurrentHashMap<>();

    /** The first certificate of a file is hardly ever one that other files have. */
    EncodedCertificate certificate(PemSection section, boolean isFirst) {
        EncodedCertificate known = isFirst ? null : authorities.get(Octets.of(section.der()));
        if (known != null) {
            return known;
        }
        EncodedCertificate certificate = section.certificate();
        if (certificate.isAuthority() && authorities.size() < MAX_AUTHORITIES) {
            authorities.putIfAbsent(Octets.of(certificate.encoded()), certificate);
        }
        return certificate;
    }
}
