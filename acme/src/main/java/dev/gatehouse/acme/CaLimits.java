package dev.gatehouse.acme;

import java.time.Duration;
import java.util.Optional;

/**
 * The published limits of a certificate authority, so that an order is refused here, with the time when it would pass,
 * before the authority refuses it and perhaps bars the account. Immutable: each method that changes something returns
 * another value. Safe for use by several threads.
 */
public final class CaLimits {

    private final Optional<RateLimit> ordersPerAccount;
    private final Optional<RateLimit> certificatesPerRegisteredDomain;
    private final Optional<RateLimit> certificatesPerNameSet;
    private final Optional<RateLimit> failedValidationsPerName;

    private CaLimits(
            Optional<RateLimit> ordersPerAccount,
            Optional<RateLimit> certificatesPerRegisteredDomain,
            Optional<RateLimit> certificatesPerNameSet,
            Optional<RateLimit> failedValidationsPerName) {
        this.ordersPerAccount = ordersPerAccount;
        this.certificatesPerRegisteredDomain = certificatesPerRegisteredDomain;
        this.certificatesPerNameSet = certificatesPerNameSet;
        this.failedValidationsPerName = failedValidationsPerName;
    }

    /**
     * No limits, for an authority of one's own. Single ones can be added.
     *
     * @return no limits
     */
    public static CaLimits none() {
        return new CaLimits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * What Let's Encrypt publishes: 300 new orders per account per 3 hours, 50 certificates per registered domain per
     * 7 days, 5 certificates for exactly the same names per 7 days, 5 failed validations per name per hour. Renewals
     * that name the certificate they replace (RFC 9773) are exempt from all but the last.
     *
     * @return these limits; whoever has been granted higher ones sets them with the methods of this class
     */
    public static CaLimits letsEncrypt() {
        return none().ordersPerAccount(RateLimit.of(300, Duration.ofHours(3)))
                .certificatesPerRegisteredDomain(RateLimit.of(50, Duration.ofDays(7)))
                .certificatesPerNameSet(RateLimit.of(5, Duration.ofDays(7)))
                .failedValidationsPerName(RateLimit.of(5, Duration.ofHours(1)));
    }

    /**
     * Limits new orders of the account.
     *
     * @param limit how many per time
     * @return the limits with this one
     */
    public CaLimits ordersPerAccount(RateLimit limit) {
        return new CaLimits(
                Optional.of(limit), certificatesPerRegisteredDomain, certificatesPerNameSet, failedValidationsPerName);
    }

    /**
     * Limits certificates for names below one registrable domain.
     *
     * @param limit how many per time
     * @return the limits with this one
     */
    public CaLimits certificatesPerRegisteredDomain(RateLimit limit) {
        return new CaLimits(ordersPerAccount, Optional.of(limit), certificatesPerNameSet, failedValidationsPerName);
    }

    /**
     * Limits certificates for exactly the same set of names.
     *
     * @param limit how many per time
     * @return the limits with this one
     */
    public CaLimits certificatesPerNameSet(RateLimit limit) {
        return new CaLimits(
                ordersPerAccount, certificatesPerRegisteredDomain, Optional.of(limit), failedValidationsPerName);
    }

    /**
     * Limits failed validations of one name.
     *
     * @param limit how many per time
     * @return the limits with this one
     */
    public CaLimits failedValidationsPerName(RateLimit limit) {
        return new CaLimits(
                ordersPerAccount, certificatesPerRegisteredDomain, certificatesPerNameSet, Optional.of(limit));
    }

    /** {@return new orders of the account, if limited} */
    public Optional<RateLimit> ordersPerAccount() {
        return ordersPerAccount;
    }

    /** {@return certificates per registrable domain, if limited} */
    public Optional<RateLimit> certificatesPerRegisteredDomain() {
        return certificatesPerRegisteredDomain;
    }

    /** {@return certificates per exact set of names, if limited} */
    public Optional<RateLimit> certificatesPerNameSet() {
        return certificatesPerNameSet;
    }

    /** {@return failed validations per name, if limited} */
    public Optional<RateLimit> failedValidationsPerName() {
        return failedValidationsPerName;
    }

    /** {@return the limits in words} */
    @Override
    public String toString() {
        return "orders per account: " + words(ordersPerAccount) + ", certificates per registered domain: "
                + words(certificatesPerRegisteredDomain) + ", certificates per set of names: "
                + words(certificatesPerNameSet) + ", failed validations per name: " + words(failedValidationsPerName);
    }

    private static String words(Optional<RateLimit> limit) {
        return limit.map(RateLimit::toString).orElse("no limit");
    }
}
