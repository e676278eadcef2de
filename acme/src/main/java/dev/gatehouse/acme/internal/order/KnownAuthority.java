package dev.gatehouse.acme.internal.order;

import static dev.gatehouse.acme.CertificateKey.EC_P256;
import static dev.gatehouse.acme.CertificateKey.EC_P384;
import static dev.gatehouse.acme.CertificateKey.RSA_2048;
import static dev.gatehouse.acme.CertificateKey.RSA_4096;

import dev.gatehouse.acme.CaLimits;
import dev.gatehouse.acme.CertificateKey;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of a public certificate authority before it is asked. It holds for the directory, whether somebody has
 * chosen it by a preset or by its URL.
 */
public enum KnownAuthority {
    LETS_ENCRYPT("Let's Encrypt", "https://acme-v02.api.letsencrypt.org/directory"),
    LETS_ENCRYPT_STAGING("Let's Encrypt staging", "https://acme-staging-v02.api.letsencrypt.org/directory"),
    ZERO_SSL("ZeroSSL", "https://acme.zerossl.com/v2/DV90", "https://app.zerossl.com/developer"),
    GOOGLE(
            "Google Trust Services",
            "https://dv.acme-v02.api.pki.goog/directory",
            "`gcloud publicca external-account-keys create`, whose keys can be used once"),
    GOOGLE_STAGING(
            "Google Trust Services staging",
            "https://dv.acme-v02.test-api.pki.goog/directory",
            "`gcloud publicca external-account-keys create` with the staging endpoint of the Public CA API; those of production"
                    + " are not taken"),
    SSL_COM_ECC(
            "SSL.com",
            "https://acme.ssl.com/sslcom-dv-ecc",
            "the API credentials on the dashboard of https://secure.ssl.com",
            EC_P256,
            EC_P384),
    SSL_COM_RSA(
            "SSL.com",
            "https://acme.ssl.com/sslcom-dv-rsa",
            "the API credentials on the dashboard of https://secure.ssl.com",
            RSA_2048,
            RSA_4096),
    ACTALIS(
            "Actalis",
            "https://acme-api.actalis.com/acme/directory",
            "the ACME credentials in the customer area of https://www.actalis.com");

    private final String title;
    private final URI directory;
    private final Optional<String> externalAccountSource;
    private final Set<CertificateKey> keys;

    KnownAuthority(String title, String directory) {
        this(title, directory, Optional.empty(), EC_P256, EC_P384, RSA_2048, RSA_4096);
    }

    KnownAuthority(String title, String directory, String externalAccountSource) {
        this(title, directory, Optional.of(externalAccountSource), EC_P256, EC_P384, RSA_2048, RSA_4096);
    }

    KnownAuthority(String title, String directory, String externalAccountSource, CertificateKey... keys) {
        this(title, directory, Optional.of(externalAccountSource), keys);
    }

    /** The first of the keys is the usual one. */
    KnownAuthority(String title, String directory, Optional<String> externalAccountSource, CertificateKey... keys) {
        this.title = title;
        this.directory = URI.create(directory);
        this.externalAccountSource = externalAccountSource;
        this.keys = Collections.unmodifiableSet(EnumSet.copyOf(Arrays.asList(keys)));
    }

    /** The one with this directory. */
    public static Optional<KnownAuthority> at(URI directory) {
        return Arrays.stream(values())
                .filter(known -> known.directory.equals(directory))
                .findFirst();
    }

    public URI directory() {
        return directory;
    }

    String title() {
        return title;
    }

    /** Where to get what its accounts have to be bound to; empty if they need not be. */
    Optional<String> externalAccountSource() {
        return externalAccountSource;
    }

    /** The limits that it publishes for everybody. */
    public CaLimits limits() {
        return this == LETS_ENCRYPT ? CaLimits.letsEncrypt() : CaLimits.none();
    }

    /** Its service for rehearsals that takes the same kind of account. */
    public Optional<KnownAuthority> staging() {
        return this == LETS_ENCRYPT ? Optional.of(LETS_ENCRYPT_STAGING) : Optional.empty();
    }

    /** Smallest first. */
    Set<CertificateKey> keys() {
        return new TreeSet<>(keys);
    }

    boolean takes(CertificateKey key) {
        return keys.contains(key);
    }
}
