package dev.gatehouse.tls;

import static dev.gatehouse.tls.SubjectNames.describe;

import dev.gatehouse.tls.AuditFinding.Kind;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a strict peer would hold against a certificate before the peer does: names, dates, chain, key, signatures,
 * usages. The certificates are looked at as they are in a file or on the wire; {@link Credential} would repair their
 * order first.
 *
 * <pre>{@code
 * List<AuditFinding> findings = CertificateAudit.forBrowsers()
 *         .audit(certificates, key, List.of(ServerName.of("app.example.com")));
 * }</pre>
 *
 * <p>Revocation and certificate transparency are not looked at, for nothing is asked of the network. Immutable and safe
 * for use by several threads; an audit computes a few signatures and, without {@linkplain #trusting anchors of its own},
 * reads the trust store of the JVM, so it belongs on no event loop.
 */
public final class CertificateAudit {

    private final AuditPeer peer;
    private final InstantSource clock;
    private final @Nullable List<X509Certificate> anchors;

    private CertificateAudit(AuditPeer peer, InstantSource clock, @Nullable List<X509Certificate> anchors) {
        this.peer = peer;
        this.clock = clock;
        this.anchors = anchors;
    }

    /**
     * Makes an audit for servers that browsers connect to. They ask for server authentication among the usages and limit
     * the lifetime by the day of issuance: 398 days, from 2026-03-15 200, from 2027-03-15 100, from 2029-03-15 47
     * (CA/Browser Forum Baseline Requirements, section 6.3.2).
     *
     * @return the audit
     */
    public static CertificateAudit forBrowsers() {
        return new CertificateAudit(AuditPeer.BROWSER, InstantSource.system(), null);
    }

    /**
     * Makes an audit for origins behind a proxy that verifies them, such as Cloudflare in mode "Full (strict)".
     * Certificates may live for any time, and those of Cloudflare's origin authority are trusted; as no JVM knows its
     * key, its name has to do.
     *
     * @return the audit
     */
    public static CertificateAudit forOriginBehindProxy() {
        return new CertificateAudit(AuditPeer.PROXY, InstantSource.system(), null);
    }

    /**
     * Sets the clock that tells expired from valid; the system's if this is not called.
     *
     * @param clock the instant of each audit
     * @return an audit that is the same otherwise
     */
    public CertificateAudit at(InstantSource clock) {
        return new CertificateAudit(peer, Objects.requireNonNull(clock, "clock"), anchors);
    }

    /**
     * Sets the authorities that the peer trusts, in place of those of the JVM.
     *
     * @param anchors their certificates
     * @return an audit that is the same otherwise
     */
    public CertificateAudit trusting(Collection<X509Certificate> anchors) {
        return new CertificateAudit(peer, clock, List.copyOf(anchors));
    }

    /**
     * Audits certificates of which the key is not at hand, such as those that a server has sent.
     *
     * @param certificates as they are sent, leaf first
     * @param hosts the names that the peer asks for
     * @return what is wrong, the leaf's findings first; empty if nothing is
     * @throws IllegalArgumentException if there is no certificate
     * @throws IllegalStateException if the trust store of the JVM is needed and cannot be read
     */
    public List<AuditFinding> audit(List<X509Certificate> certificates, Collection<ServerName> hosts) {
        return audit(certificates, null, hosts);
    }

    /**
     * Audits a credential as a server shows it: in order, and without the root.
     *
     * @param credential the credential
     * @param hosts the names that the peer asks for
     * @return what is wrong, the leaf's findings first; empty if nothing is
     * @throws CredentialException if the JVM cannot read it
     * @throws IllegalStateException if the trust store of the JVM is needed and cannot be read
     */
    public List<AuditFinding> audit(Credential credential, Collection<ServerName> hosts) {
        return audit(credential.chain(), hosts);
    }

    /**
     * Audits certificates and, if it is given, their key.
     *
     * @param certificates as they would be sent, leaf first
     * @param key the key that the server has for the leaf, or null if it is not at hand
     * @param hosts the names that the peer asks for
     * @return what is wrong, the leaf's findings first; empty if nothing is
     * @throws IllegalArgumentException if there is no certificate
     * @throws IllegalStateException if the trust store of the JVM is needed and cannot be read
     */
    public List<AuditFinding> audit(
            List<X509Certificate> certificates, @Nullable PrivateKey key, Collection<ServerName> hosts) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("There is no certificate to audit. Give the leaf and its issuers.");
        }
        List<AuditFinding> findings = new ArrayList<>();
        X509Certificate leaf = leaf(certificates, key, findings);
        List<X509Certificate> trusted = anchors == null ? AuditAnchors.ofJvm() : anchors;
        AuditPath path = AuditPath.from(leaf, certificates, trusted, peer);
        new AuditLeaf(leaf, peer, findings).check(hosts);
        new AuditChain(path, certificates, clock.instant(), findings).check();
        return List.copyOf(findings);
    }

    private static X509Certificate leaf(
            List<X509Certificate> certificates, @Nullable PrivateKey key, List<AuditFinding> findings) {
        if (key != null) {
            try {
                return KeyMatch.leafOf(key, certificates);
            } catch (CredentialException mismatch) {
                findings.add(new AuditFinding(Kind.KEY_MISMATCH, String.valueOf(mismatch.getMessage())));
            }
        }
        return likelyLeaf(certificates);
    }

    /** The first, unless it certifies another and there is one that is no authority's. */
    private static X509Certificate likelyLeaf(List<X509Certificate> certificates) {
        X509Certificate first = certificates.get(0);
        boolean certifiesAnother = certificates.stream()
                .anyMatch(other -> !other.equals(first) && CertificateChains.isIssuedBy(other, first));
        Optional<X509Certificate> endEntity = certificates.stream()
                .filter(certificate -> certificate.getBasicConstraints() < 0)
                .findFirst();
        return certifiesAnother ? endEntity.orElse(first) : first;
    }

    /** The word for a certificate at the head of a sentence. */
    static String subject(X509Certificate certificate) {
        return "Certificate " + describe(certificate);
    }
}
