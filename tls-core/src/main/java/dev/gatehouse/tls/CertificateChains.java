package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedCertificate.Link;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts certificates into the order in which a server sends them: leaf first, each certified by the next. */
final class CertificateChains {

    private CertificateChains() {}

    /**
     * What stands behind a leaf.
     *
     * @param certificates the intermediates, the leaf's issuer first
     * @param rootGiven whether a root was given that ends the chain; it is not among the certificates, for a client has
     *     it or distrusts it, and sending it is dead weight in every handshake
     */
    record Issuers(List<IssuerCertificate> certificates, boolean rootGiven) {}

    static Issuers issuersOf(EncodedCertificate leaf, List<EncodedCertificate> certificates) {
        Set<IssuerCertificate> remaining = new LinkedHashSet<>();
        for (EncodedCertificate certificate : certificates) {
            if (!certificate.equals(leaf)) {
                remaining.add(IssuerCertificate.of(certificate));
            }
        }
        List<IssuerCertificate> issuers = new ArrayList<>(remaining.size());
        IssuerCertificate next = issuerAmong(remaining, leaf);
        while (next != null) {
            if (next.isRoot()) {
                return new Issuers(issuers, true);
            }
            issuers.add(next);
            remaining.remove(next);
            next = issuerAmong(remaining, next.der());
        }
        return new Issuers(issuers, false);
    }

    private static @Nullable IssuerCertificate issuerAmong(
            Set<IssuerCertificate> candidates, EncodedCertificate certificate) {
        for (IssuerCertificate candidate : candidates) {
            if (isIssuedBy(certificate, candidate.der())) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * Tells whether a certificate comes from another. Names and key identifiers that agree are believed, for who could
     * forge them gains nothing: the client verifies the signature. Without key identifiers it is verified here.
     */
    static boolean isIssuedBy(EncodedCertificate certificate, EncodedCertificate issuer) {
        Link link = certificate.linkTo(issuer);
        return link == Link.BY_KEY
                || link == Link.BY_NAME && isIssuedBy(parse(certificate.encoded()), parse(issuer.encoded()));
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

    /**
     * Parses a certificate for use in handshakes.
     *
     * @throws CredentialException if the JVM cannot
     */
    static X509Certificate parse(byte[] encoded) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException malformed) {
            throw new CredentialException(
                    "A certificate cannot be read by this JVM: " + malformed.getMessage() + ". Issue it anew.",
                    malformed);
        }
    }
}
