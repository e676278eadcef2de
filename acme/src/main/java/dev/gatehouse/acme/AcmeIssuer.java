package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.order.AcmeOrders;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Issues certificates at an ACME certificate authority (RFC 8555), with ECDSA P-256 keys and HTTP-01 challenges. The
 * account is created with the first order and kept in the manager's storage.
 *
 * <p>Immutable: each method that changes something returns another issuer. Safe for use by several threads.
 */
public final class AcmeIssuer implements Issuer {

    private static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");
    private static final URI LETS_ENCRYPT_STAGING =
            URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");

    private final URI directory;
    private final List<String> contacts;
    private final boolean termsAgreed;
    private final List<X509Certificate> trustedRoots;
    private final CaLimits limits;
    private final AcmeOrders orders;

    private AcmeIssuer(
            URI directory,
            List<String> contacts,
            boolean termsAgreed,
            List<X509Certificate> trustedRoots,
            CaLimits limits) {
        this.directory = directory;
        this.contacts = contacts;
        this.termsAgreed = termsAgreed;
        this.trustedRoots = trustedRoots;
        this.limits = limits;
        this.orders = new AcmeOrders(directory, contacts, termsAgreed, trustedRoots);
    }

    /** {@return an issuer at Let's Encrypt, whose certificates browsers trust} */
    public static AcmeIssuer letsEncrypt() {
        return directory(LETS_ENCRYPT);
    }

    /** {@return an issuer at the staging service of Let's Encrypt: generous limits, and certificates that nobody trusts} */
    public static AcmeIssuer letsEncryptStaging() {
        return directory(LETS_ENCRYPT_STAGING);
    }

    /**
     * Makes an issuer at any ACME certificate authority.
     *
     * @param directory the URL of its directory; {@code http} is taken for tests
     * @return the issuer
     * @throws IllegalArgumentException if it is not an absolute http or https URI
     */
    public static AcmeIssuer directory(URI directory) {
        String scheme = directory.getScheme();
        if (directory.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException("ACME directory '" + directory
                    + "' is not an absolute https URI. Write it as https://host/directory.");
        }
        return new AcmeIssuer(
                directory,
                List.of(),
                false,
                List.of(),
                directory.equals(LETS_ENCRYPT) ? CaLimits.letsEncrypt() : CaLimits.none());
    }

    /**
     * Adds an address that the certificate authority may write to.
     *
     * @param email the address, such as {@code ops@example.com}
     * @return an issuer with this contact
     * @throws IllegalArgumentException if it is not an address
     */
    public AcmeIssuer contact(String email) {
        if (email.indexOf('@') < 1 || email.indexOf('@') == email.length() - 1 || email.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "Contact '" + email + "' is not an e-mail address. Write it as ops@example.com.");
        }
        List<String> more = new ArrayList<>(contacts);
        more.add(email);
        return new AcmeIssuer(directory, List.copyOf(more), termsAgreed, trustedRoots, limits);
    }

    /** {@return an issuer that agrees to the terms of service of the certificate authority when it creates the account} */
    public AcmeIssuer agreeToTermsOfService() {
        return new AcmeIssuer(directory, contacts, true, trustedRoots, limits);
    }

    /**
     * Trusts other roots than the JVM's for the connection to the certificate authority, as an internal one needs.
     *
     * @param roots the only roots to trust, at least one
     * @return an issuer that trusts them
     */
    public AcmeIssuer trustedRoots(List<X509Certificate> roots) {
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("roots: none (expected: at least one)");
        }
        return new AcmeIssuer(directory, contacts, termsAgreed, List.copyOf(roots), limits);
    }

    @Override
    public String identity() {
        return directory.toString();
    }

    /**
     * Keeps to other limits than those that are known of the certificate authority: those of Let's Encrypt for its
     * directory, and none for others.
     *
     * @param newLimits the limits
     * @return an issuer that keeps to them
     */
    public AcmeIssuer limits(CaLimits newLimits) {
        return new AcmeIssuer(directory, contacts, termsAgreed, trustedRoots, newLimits);
    }

    @Override
    public CaLimits limits() {
        return limits;
    }

    @Override
    public CompletionStage<IssuanceTerms> terms(IssuanceContext context) {
        return orders.terms(context);
    }

    @Override
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        return orders.issue(Objects.requireNonNull(request, "request"), context);
    }

    /** {@return the directory} */
    @Override
    public String toString() {
        return identity();
    }
}
