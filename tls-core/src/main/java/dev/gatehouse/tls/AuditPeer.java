package dev.gatehouse.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;

/** The kinds of strict peers, as far as they differ. */
enum AuditPeer {
    /** Root programs allow 398 days and ask for an explicit server authentication usage. */
    BROWSER(Optional.of(Duration.ofDays(398)), true),
    /** A content delivery network in front of the origin, such as Cloudflare in mode "Full (strict)". */
    PROXY(Optional.empty(), false);

    /** In the issuer name of every certificate that Cloudflare makes for origins, RSA and ECC alike. */
    private static final String CLOUDFLARE_ORIGIN = "OU=CloudFlare Origin SSL ";

    private final Optional<Duration> longestLife;
    private final boolean asksForServerAuth;

    AuditPeer(Optional<Duration> longestLife, boolean asksForServerAuth) {
        this.longestLife = longestLife;
        this.asksForServerAuth = asksForServerAuth;
    }

    Optional<Duration> longestLife() {
        return longestLife;
    }

    boolean asksForServerAuth() {
        return asksForServerAuth;
    }

    /** The proxy's own authority is a trust anchor to nobody else, and no JVM has it; its name has to do. */
    boolean isOwnAuthorityOf(X509Certificate certificate) {
        return this == PROXY && isCloudflareOrigin(certificate);
    }

    static boolean isCloudflareOrigin(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName().contains(CLOUDFLARE_ORIGIN);
    }
}
