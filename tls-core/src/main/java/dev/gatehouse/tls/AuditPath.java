package dev.gatehouse.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The way from a leaf through the given certificates towards a trust anchor.
 *
 * @param certificates leaf first, each certified by the next, up to the first that is, or is certified by, an anchor
 * @param beyond what was given and belongs to the chain, but that no peer needs
 * @param anchored whether an anchor was reached
 */
record AuditPath(List<X509Certificate> certificates, List<X509Certificate> beyond, boolean anchored) {

    static AuditPath from(
            X509Certificate leaf,
            Collection<X509Certificate> given,
            Collection<X509Certificate> anchors,
            AuditPeer peer) {
        List<X509Certificate> chain = chain(leaf, given);
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            if (peer.isOwnAuthorityOf(certificate)
                    || anchors.stream().anyMatch(anchor -> isOrCertifies(anchor, certificate))) {
                return new AuditPath(chain.subList(0, i + 1), chain.subList(i + 1, chain.size()), true);
            }
        }
        return new AuditPath(chain, List.of(), false);
    }

    private static List<X509Certificate> chain(X509Certificate leaf, Collection<X509Certificate> given) {
        LinkedHashSet<X509Certificate> remaining = new LinkedHashSet<>(given);
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509Certificate> next = Optional.of(leaf);
        while (next.isPresent()) {
            X509Certificate current = next.get();
            chain.add(current);
            remaining.remove(current);
            next = remaining.stream()
                    .filter(candidate -> CertificateChains.isIssuedBy(current, candidate))
                    .findFirst();
        }
        return List.copyOf(chain);
    }

    X509Certificate leaf() {
        return certificates.get(0);
    }

    X509Certificate last() {
        return certificates.get(certificates.size() - 1);
    }

    /** Everything of the chain, needed or not, in its order. */
    List<X509Certificate> inOrder() {
        List<X509Certificate> all = new ArrayList<>(certificates);
        all.addAll(beyond);
        return all;
    }

    static boolean isSelfSigned(X509Certificate certificate) {
        return CertificateChains.isIssuedBy(certificate, certificate);
    }

    /** The same name and key make the same anchor, whatever the certificate around them (cross-signing). */
    private static boolean isOrCertifies(X509Certificate anchor, X509Certificate certificate) {
        return anchor.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                        && anchor.getPublicKey().equals(certificate.getPublicKey())
                || CertificateChains.isIssuedBy(certificate, anchor);
    }
}
