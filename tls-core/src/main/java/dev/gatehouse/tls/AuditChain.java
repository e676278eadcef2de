package dev.gatehouse.tls;

import static dev.gatehouse.tls.CertificateAudit.subject;

import dev.gatehouse.tls.AuditFinding.Kind;
import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** What an audit asks of every certificate on the path, and of the path as a whole. */
final class AuditChain {

    private final AuditPath path;
    private final List<X509Certificate> given;
    private final Instant now;
    private final List<AuditFinding> findings;

    AuditChain(AuditPath path, List<X509Certificate> given, Instant now, List<AuditFinding> findings) {
        this.path = path;
        this.given = given;
        this.now = now;
        this.findings = findings;
    }

    void check() {
        for (X509Certificate certificate : path.certificates()) {
            checkValidity(certificate);
            checkStrength(certificate);
        }
        checkEnd();
        checkOrder();
    }

    private void checkValidity(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            add(Kind.EXPIRED, certificate, "expired at " + until + ", and it is " + now + ". Renew it.");
        }
        if (now.isBefore(from)) {
            add(
                    Kind.NOT_YET_VALID,
                    certificate,
                    "is valid from " + from + ", and it is " + now + ". Wait, or set the clock of this machine.");
        }
    }

    private void checkStrength(X509Certificate certificate) {
        AuditStrength.weakKey(certificate)
                .ifPresent(key -> add(
                        Kind.WEAK_KEY,
                        certificate,
                        "has " + key + ". Issue one for an EC key of 256 bits or an RSA key of 2048 bits at least."));
        AuditStrength.weakSignature(certificate)
                .filter(signature -> isLeaf(certificate) || !AuditPath.isSelfSigned(certificate))
                .ifPresent(signature -> add(
                        Kind.WEAK_SIGNATURE,
                        certificate,
                        "is signed with " + signature + ", which can be forged. Issue one signed over SHA-256."));
    }

    private void checkEnd() {
        X509Certificate last = path.last();
        if (path.anchored()) {
            return;
        }
        if (!AuditPath.isSelfSigned(last)) {
            add(
                    Kind.CHAIN_INCOMPLETE,
                    last,
                    "is issued by '" + last.getIssuerX500Principal().getName() + "', " + missing(last));
        } else if (isLeaf(last)) {
            add(Kind.SELF_SIGNED_LEAF, last, "is self-signed, so nobody vouches for it. Have an authority issue one.");
        } else {
            add(
                    Kind.UNTRUSTED_ROOT,
                    last,
                    "is a root that is not among the trust anchors. Use a public authority, or give the peer this"
                            + " root.");
        }
    }

    private static String missing(X509Certificate last) {
        X500Principal issuer = last.getIssuerX500Principal();
        return AuditPeer.isCloudflareOrigin(issuer)
                ? "which Cloudflare alone trusts. Connect through Cloudflare, or use a public authority."
                : "which is neither in the chain nor a trust anchor. "
                        + new MissingIntermediate(issuer, location(last)).remedy();
    }

    /** A certificate that only the JVM can read has none. */
    private static Optional<URI> location(X509Certificate certificate) {
        try {
            return EncodedCertificate.of(certificate).issuerLocation();
        } catch (CredentialException unreadable) {
            return Optional.empty();
        }
    }

    private void checkOrder() {
        List<X509Certificate> strangers = new ArrayList<>(given);
        path.inOrder().forEach(strangers::remove);
        strangers.stream().distinct().forEach(this::addStranger);
        List<X509Certificate> kin =
                given.stream().distinct().filter(path.inOrder()::contains).toList();
        if (!kin.equals(path.inOrder()) || !isLeaf(given.get(0))) {
            add(
                    Kind.CHAIN_OUT_OF_ORDER,
                    path.leaf(),
                    "is number " + (given.indexOf(path.leaf()) + 1) + " of " + given.size()
                            + ", and the chain is out of order. Put the leaf first and behind each its issuer.");
        }
    }

    private void addStranger(X509Certificate stranger) {
        String trouble = path.inOrder().contains(stranger) ? "is in the chain twice" : "does not belong to the chain";
        add(Kind.STRANGER_IN_CHAIN, stranger, trouble + " of " + SubjectNames.describe(path.leaf()) + ". Remove it.");
    }

    private boolean isLeaf(X509Certificate certificate) {
        return certificate.equals(path.leaf());
    }

    private void add(Kind kind, X509Certificate certificate, String predicate) {
        findings.add(new AuditFinding(kind, subject(certificate) + ' ' + predicate));
    }
}
