package dev.gatehouse.tls.source;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedCertificate.Link;
import dev.gatehouse.tls.internal.der.Octets;
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

    private final Map<Octets, List<EncodedCertificate>> bySubject = new HashMap<>();

    Issuers(Collection<PemFile> files) {
        for (PemFile file : files) {
            for (EncodedCertificate certificate : file.certificates()) {
                if (certificate.isAuthority()) {
                    add(certificate);
                }
            }
        }
    }

    private void add(EncodedCertificate authority) {
        List<EncodedCertificate> namesakes =
                bySubject.computeIfAbsent(authority.subjectName(), subject -> new ArrayList<>(1));
        if (!namesakes.contains(authority)) {
            namesakes.add(authority);
        }
    }

    /** The certificate and its issuers as far as they are known, those of its own file first; a root is the last. */
    List<EncodedCertificate> chain(EncodedCertificate leaf, List<EncodedCertificate> ownFile) {
        List<EncodedCertificate> chain = new ArrayList<>(3);
        EncodedCertificate next = leaf;
        while (next != null && chain.size() < MAX_CHAIN && !chain.contains(next)) {
            chain.add(next);
            next = next.isSelfIssued() ? null : issuer(next, ownFile);
        }
        return chain;
    }

    private @Nullable EncodedCertificate issuer(EncodedCertificate certificate, List<EncodedCertificate> ownFile) {
        EncodedCertificate own = among(ownFile, certificate);
        return own == null ? among(bySubject.getOrDefault(certificate.issuerName(), List.of()), certificate) : own;
    }

    private static @Nullable EncodedCertificate among(
            List<EncodedCertificate> candidates, EncodedCertificate certificate) {
        for (EncodedCertificate candidate : candidates) {
            if (candidate != certificate && certificate.linkTo(candidate) != Link.NONE) {
                return candidate;
            }
        }
        return null;
    }
}
