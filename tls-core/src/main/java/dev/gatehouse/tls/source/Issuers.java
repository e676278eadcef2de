package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.pem.CertificateOutline;
import dev.gatehouse.tls.internal.pem.Octets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The certificates of authorities among those of a source, for chains that lack them. */
final class Issuers {

    /** A chain of the web has two or three certificates. */
    private static final int MAX_CHAIN = 10;

    private final Map<Octets, List<CertificateOutline>> bySubject = new HashMap<>();

    Issuers(Collection<PemFile> files) {
        for (PemFile file : files) {
            for (CertificateOutline certificate : file.certificates()) {
                if (certificate.extensions().authority()) {
                    add(certificate);
                }
            }
        }
    }

    private void add(CertificateOutline authority) {
        List<CertificateOutline> namesakes =
                bySubject.computeIfAbsent(authority.subject(), subject -> new ArrayList<>(1));
        if (!namesakes.contains(authority)) {
            namesakes.add(authority);
        }
    }

    /** The certificate and its issuers as far as they are known, those of its own file first; a root is the last. */
    List<CertificateOutline> chain(CertificateOutline leaf, List<CertificateOutline> ownFile) {
        List<CertificateOutline> chain = new ArrayList<>(3);
        CertificateOutline next = leaf;
        while (next != null && chain.size() < MAX_CHAIN && !chain.contains(next)) {
            chain.add(next);
            next = next.isSelfIssued() ? null : issuer(next, ownFile);
        }
        return chain;
    }

    private @Nullable CertificateOutline issuer(CertificateOutline certificate, List<CertificateOutline> ownFile) {
        CertificateOutline own = among(ownFile, certificate);
        return own == null ? among(bySubject.getOrDefault(certificate.issuer(), List.of()), certificate) : own;
    }

    private static @Nullable CertificateOutline among(
            List<CertificateOutline> candidates, CertificateOutline certificate) {
        for (CertificateOutline candidate : candidates) {
            if (certificate.mayBeIssuedBy(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
