package dev.gatehouse.tls;

import static dev.gatehouse.tls.CertificateAudit.subject;

import dev.gatehouse.tls.AuditFinding.Kind;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What an audit asks of the leaf alone: names, lifetime, usages. */
final class AuditLeaf {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final X509Certificate leaf;
    private final AuditPeer peer;
    private final List<AuditFinding> findings;

    AuditLeaf(X509Certificate leaf, AuditPeer peer, List<AuditFinding> findings) {
        this.leaf = leaf;
        this.peer = peer;
        this.findings = findings;
    }

    void check(Collection<ServerName> hosts) {
        checkHosts(hosts);
        checkLifetime();
        checkServerAuth();
        if (leaf.getBasicConstraints() >= 0) {
            add(
                    Kind.CA_AS_LEAF,
                    "is that of an authority (basic constraints CA:true), which is no server's. Issue a certificate"
                            + " without CA:true for the server.");
        }
    }

    private void checkHosts(Collection<ServerName> hosts) {
        Coverage coverage;
        try {
            coverage = SubjectNames.of(leaf);
        } catch (CredentialException malformed) {
            findings.add(new AuditFinding(Kind.HOST_NOT_COVERED, malformed.getMessage() + " Issue it anew."));
            return;
        }
        hosts.stream()
                .filter(host -> !coverage.covers(host))
                .forEach(host -> add(Kind.HOST_NOT_COVERED, "is not for `" + host + "`. " + coverage.explain(host)));
    }

    private void checkLifetime() {
        Instant issued = leaf.getNotBefore().toInstant();
        Duration life = Duration.between(issued, leaf.getNotAfter().toInstant());
        peer.longestLife(issued)
                .filter(longest -> life.compareTo(longest) > 0)
                .ifPresent(longest -> add(
                        Kind.LIFETIME_TOO_LONG,
                        "is valid for " + days(life) + ", and browsers allow " + longest.toDays()
                                + " to what is issued at " + issued
                                + ". Issue one with a shorter life and renew it automatically."));
    }

    private static String days(Duration life) {
        boolean isWhole = life.equals(Duration.ofDays(life.toDays()));
        return (isWhole ? "" : "more than ") + life.toDays() + " days";
    }

    private void checkServerAuth() {
        Collection<String> usages = usages();
        boolean allowed = usages.isEmpty()
                ? !peer.asksForServerAuth()
                : usages.contains(SERVER_AUTH) || usages.contains(ANY_USAGE);
        if (!allowed) {
            add(
                    Kind.SERVER_AUTH_MISSING,
                    "does not name server authentication among its extended key usages ("
                            + (usages.isEmpty() ? "it has none" : String.join(", ", usages))
                            + "). Issue one with serverAuth.");
        }
    }

    /** Malformed usages allow nothing. */
    private Collection<String> usages() {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            return usages == null ? Set.of() : usages;
        } catch (CertificateParsingException malformed) {
            return Set.of("malformed");
        }
    }

    private void add(Kind kind, String predicate) {
        findings.add(new AuditFinding(kind, subject(leaf) + ' ' + predicate));
    }
}
