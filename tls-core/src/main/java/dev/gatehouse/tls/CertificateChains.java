package dev.gatehouse.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts certificates into the order in which a server sends them: leaf first, each certified by the next. */
final class CertificateChains {

    private CertificateChains() {}

    static List<X509Certificate> inOrder(X509Certificate leaf, List<X509Certificate> certificates) {
        List<X509Certificate> remaining = new ArrayList<>(certificates);
        List<X509Certificate> chain = new ArrayList<>(certificates.size());
        Optional<X509Certificate> next = Optional.of(leaf);
        while (next.isPresent()) {
            X509Certificate current = next.get();
            chain.add(current);
            remaining.removeIf(current::equals);
            next = remaining.stream()
                    .filter(candidate -> isIssuedBy(current, candidate))
                    .findFirst();
        }
        return List.copyOf(withoutRoot(chain));
    }

    /** A client has the root or distrusts it; sending it is dead weight in every handshake. */
    private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        int last = chain.size() - 1;
        boolean endsInRoot = last > 0 && isIssuedBy(chain.get(last), chain.get(last));
        return endsInRoot ? chain.subList(0, last) : chain;
    }

    static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException otherKey) {
            return false;
        }
    }
}
