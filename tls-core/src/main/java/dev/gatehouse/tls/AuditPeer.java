package dev.gatehouse.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;

/** The kinds of strict peers, as far as they differ. */
enum AuditPeer {
    /** Root programs limit the lifetime and ask for an explicit server authentication usage. */
    BROWSER(true),
    /** A content delivery network in front of the origin, such as Cloudflare in mode "Full (strict)". */
    PROXY(false);

    /** In the issuer name of every certificate that Cloudflare makes for origins, RSA and ECC alike. */
    private static final String CLOUDFLARE_ORIGIN = "OU=CloudFlare Origin SSL ";

    /**
     * The days that a certificate may live, by the first day of issuance for which that holds (CA/Browser Forum Baseline
     * Requirements, section 6.3.2).
     */
    private static final NavigableMap<Instant, Duration> LONGEST_LIVES = new TreeMap<>(Map.of(
            Instant.MIN,
            Duration.ofDays(398),
            Instant.parse("2026-03-15T00:00:00Z"),
            Duration.ofDays(200),
            Instant.parse("2027-03-15T00:00:00Z"),
            Duration.ofDays(100),
            Instant.parse("2029-03-15T00:00:00Z"),
            Duration.ofDays(47)));

    private final boolean isBrowser;

    AuditPeer(boolean isBrowser) {
        this.isBrowser = isBrowser;
    }

    /**
     * How long a certificate may live.
     *
     * @param issued when it was issued; nobody outside of the authority knows better than its first instant of validity
     */
    Optional<Duration> longestLife(Instant issued) {
        return isBrowser ? Optional.of(LONGEST_LIVES.floorEntry(issued).getValue()) : Optional.empty();
    }

    boolean asksForServerAuth() {
        return isBrowser;
    }

    /** The proxy's own authority is a trust anchor to nobody else, and no JVM has it; its name has to do. */
    boolean isOwnAuthorityOf(X509Certificate certificate) {
        return this == PROXY && isCloudflareOrigin(certificate.getIssuerX500Principal());
    }

    static boolean isCloudflareOrigin(X500Principal issuer) {
        return issuer.getName().contains(CLOUDFLARE_ORIGIN);
    }
}
