package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.pem.CertificateOutline;
import dev.gatehouse.tls.internal.pem.Octets;
import dev.gatehouse.tls.internal.pem.PemSection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps one object for each intermediate, since thousands of files have the same few. Safe for use by several threads. */
final class OutlineCache {

    private static final int MAX_AUTHORITIES = 10_000;

    private final Map<Octets, CertificateOutline> authorities = new ConcurrentHashMap<>();

    /** The first certificate of a file is hardly ever one that other files have. */
    CertificateOutline outline(PemSection section, boolean isFirst) {
        CertificateOutline known = isFirst ? null : authorities.get(Octets.of(section.der()));
        if (known != null) {
            return known;
        }
        CertificateOutline outline = CertificateOutline.of(section);
        if (outline.extensions().authority() && authorities.size() < MAX_AUTHORITIES) {
            authorities.putIfAbsent(Octets.of(outline.der()), outline);
        }
        return outline;
    }
}
