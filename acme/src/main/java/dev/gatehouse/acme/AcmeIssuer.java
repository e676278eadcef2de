package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.order.AcmeOrders;
import dev.gatehouse.acme.internal.order.AcmeSettings;
import dev.gatehouse.acme.internal.order.AcmeSettings.Draft;
import dev.gatehouse.acme.internal.order.KnownAuthority;
import dev.gatehouse.tls.Credential;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Issues certificates at an ACME certificate authority (RFC 8555). The account is created with the first order and kept in
 * the manager's storage.
 *
 * <p>Nothing is asked of an authority when an issuer is made. What is known of the usual ones holds whether they were chosen
 * by name or by the URL of their directory: which keys they take, whether accounts have to be bound to others, their limits.
 *
 * <p>Immutable: each method that changes something returns another issuer. Safe for use by several threads; nothing here
 * blocks.
 */
public final class AcmeIssuer implements Issuer {

    private final AcmeSettings settings;
    private final Optional<AcmeIssuer> partner;
    private final AcmeOrders orders;

    private AcmeIssuer(AcmeSettings settings, Optional<AcmeIssuer> partner) {
        this.settings = settings;
        this.partner = partner;
        this.orders = new AcmeOrders(settings);
    }

    /**
     * Let's Encrypt, whose certificates browsers trust: for 90 days, or six with the profile {@code shortlived}. Its
     * {@linkplain CaLimits#letsEncrypt limits} are kept to.
     *
     * @return an issuer there
     */
    public static AcmeIssuer letsEncrypt() {
        return at(KnownAuthority.LETS_ENCRYPT);
    }

    /** {@return an issuer at the staging service of Let's Encrypt: generous limits, and certificates that nobody trusts} */
    public static AcmeIssuer letsEncryptStaging() {
        return at(KnownAuthority.LETS_ENCRYPT_STAGING);
    }

    /**
     * ZeroSSL, which issues for 90 days. It needs an {@linkplain #externalAccountBinding external account}, from
     * {@code https://app.zerossl.com/developer}, and issues for no IP addresses.
     *
     * @return an issuer there
     */
    public static AcmeIssuer zeroSsl() {
        return at(KnownAuthority.ZERO_SSL);
    }

    /**
     * Google Trust Services, which issues for 90 days. It needs an {@linkplain #externalAccountBinding external account},
     * from {@code gcloud publicca external-account-keys create}; such a key makes one account, so keep the storage.
     *
     * @return an issuer there
     */
    public static AcmeIssuer google() {
        return at(KnownAuthority.GOOGLE);
    }

    /**
     * The staging service of Google Trust Services, whose certificates nobody trusts. It needs an external account of its
     * own.
     *
     * @return an issuer there
     */
    public static AcmeIssuer googleStaging() {
        return at(KnownAuthority.GOOGLE_STAGING);
    }

    /**
     * SSL.com with certificates for ECDSA keys. It needs an {@linkplain #externalAccountBinding external account}, from the
     * API credentials of the dashboard; wildcards have to be paid for, and it issues for no IP addresses.
     *
     * @return an issuer there
     */
    public static AcmeIssuer sslComEcc() {
        return at(KnownAuthority.SSL_COM_ECC);
    }

    /**
     * SSL.com with certificates for RSA keys, by default of 2048 bits; else as {@link #sslComEcc()}.
     *
     * @return an issuer there
     */
    public static AcmeIssuer sslComRsa() {
        return at(KnownAuthority.SSL_COM_RSA);
    }

    /**
     * Actalis, which issues for 90 days. It needs an {@linkplain #externalAccountBinding external account}, from its
     * customer area; what costs nothing is for one name, without wildcards.
     *
     * @return an issuer there
     */
    public static AcmeIssuer actalis() {
        return at(KnownAuthority.ACTALIS);
    }

    private static AcmeIssuer at(KnownAuthority authority) {
        return directory(authority.directory());
    }

    /**
     * Makes an issuer at any ACME certificate authority.
     *
     * @param directory the URL of its directory; {@code http} is taken for tests
     * @return the issuer
     * @throws IllegalArgumentException if it is not an absolute http or https URI
     */
    public static AcmeIssuer directory(URI directory) {
        return new AcmeIssuer(AcmeSettings.at(directory), Optional.empty());
    }

    private AcmeIssuer with(Consumer<Draft> change) {
        return new AcmeIssuer(settings.with(change), partner);
    }

    /**
     * Adds an address that the certificate authority may write to. An account that was created with other addresses gets
     * these.
     *
     * @param email the address, such as {@code ops@example.com}
     * @return an issuer with this contact
     * @throws IllegalArgumentException if it is not an address
     * @throws IllegalStateException if it was added already
     */
    public AcmeIssuer contact(String email) {
        return with(draft -> draft.contact(email));
    }

    /** {@return an issuer that agrees to the terms of service of the certificate authority when it creates the account} */
    public AcmeIssuer agreeToTermsOfService() {
        return with(Draft::agreeToTermsOfService);
    }

    /**
     * Binds the account to one that you have at the certificate authority by other means (RFC 8555, section 7.3.4). It is
     * used when the account is created, and never logged.
     *
     * @param keyId the key id that the authority gave
     * @param macKey the MAC key that it gave, base64url
     * @return an issuer with such an account
     * @throws IllegalArgumentException if the key id is empty, or the MAC key is not base64url or too short to be one
     * @throws IllegalStateException if it was set already
     */
    public AcmeIssuer externalAccountBinding(String keyId, String macKey) {
        return with(draft -> draft.externalAccount(keyId, macKey));
    }

    /**
     * Orders certificates by a profile of the certificate authority, such as {@code shortlived} at Let's Encrypt. An order is
     * refused if the directory does not offer it, with those that it does.
     *
     * @param name the name of the profile
     * @return an issuer that orders by it
     * @throws IllegalStateException if it was set already
     */
    public AcmeIssuer profile(String name) {
        return with(draft -> draft.profile(name));
    }

    /**
     * Prefers the chain that ends at a root (RFC 8555, section 7.4.2). If the certificate authority offers no such chain, the
     * usual one is taken, and a log line tells which it offers.
     *
     * @param rootCommonName the common name of the root, such as {@code ISRG Root X1}
     * @return an issuer that prefers this chain
     * @throws IllegalStateException if it was set already
     */
    public AcmeIssuer preferredChain(String rootCommonName) {
        return with(draft -> draft.preferredChain(rootCommonName));
    }

    /**
     * Sets the kind of the certificates' keys, where a request does not ask for one. Default: {@link CertificateKey#EC_P256},
     * or the smallest that the authority takes.
     *
     * @param kind the kind
     * @return an issuer with such keys
     * @throws IllegalArgumentException if the authority is known not to take it
     * @throws IllegalStateException if it was set already
     */
    public AcmeIssuer key(CertificateKey kind) {
        return with(draft -> draft.key(kind));
    }

    /**
     * Keeps the private key when a certificate is replaced, for those who pin keys (DANE and the like). By default each
     * certificate has a new one, so that a stolen key is of no use for long. A key of another kind than is wanted is not
     * kept.
     *
     * @return an issuer that keeps keys
     */
    public AcmeIssuer reuseKey() {
        return with(Draft::reuseKey);
    }

    /**
     * Trusts other roots than the JVM's for the connection to the certificate authority, as an internal one needs.
     *
     * @param roots the only roots to trust, at least one
     * @return an issuer that trusts them
     * @throws IllegalStateException if they were set already
     */
    public AcmeIssuer trustedRoots(List<X509Certificate> roots) {
        return with(draft -> draft.trustedRoots(roots));
    }

    /**
     * Keeps to other limits than those that are known of the certificate authority: those of Let's Encrypt for its
     * directory, and none for others.
     *
     * @param newLimits the limits
     * @return an issuer that keeps to them
     * @throws IllegalStateException if they were set already
     */
    public AcmeIssuer limits(CaLimits newLimits) {
        return with(draft -> draft.limits(newLimits));
    }

    /**
     * Rehearses orders at another issuer after a validation here has failed: the next attempts go there until one succeeds,
     * and then here again. So a name that is hopeless uses up none of the limits of this issuer. This is remembered in
     * storage; certificates from a rehearsal are neither stored nor served.
     *
     * @param staging the issuer for rehearsals, with its own contacts and agreement to terms, such as
     *     {@code letsEncryptStaging().agreeToTermsOfService()}
     * @return an issuer that rehearses there
     * @throws IllegalArgumentException if it is at the same directory, or rehearses itself
     * @throws IllegalStateException if it was set already
     */
    public AcmeIssuer rehearsingAt(AcmeIssuer staging) {
        if (partner.isPresent()) {
            throw new IllegalStateException("rehearsingAt was already set to " + partner.get());
        }
        if (staging.identity().equals(identity())) {
            throw new IllegalArgumentException("staging: " + staging
                    + " (expected: another directory than that of the issuer itself, such as a staging service)");
        }
        if (staging.partner.isPresent()) {
            throw new IllegalArgumentException("staging: " + staging + " rehearses at " + staging.partner.get()
                    + " itself (expected: an issuer without a rehearsal)");
        }
        return new AcmeIssuer(settings, Optional.of(staging));
    }

    /**
     * Rehearses at the staging service of the certificate authority, with the contacts and the agreement to terms that are
     * set so far, as {@link #rehearsingAt} has it.
     *
     * @return an issuer that rehearses there
     * @throws IllegalStateException if none is known that needs no account of its own, as {@link #letsEncrypt} has
     */
    public AcmeIssuer rehearsingAtStaging() {
        URI staging = settings.known()
                .flatMap(KnownAuthority::staging)
                .map(KnownAuthority::directory)
                .orElseThrow(() -> new IllegalStateException("No staging service is known of " + this
                        + " that takes the same kind of account. Name one with rehearsingAt(issuer)."));
        AcmeIssuer rehearsing = directory(staging);
        for (String contact : settings.contacts()) {
            rehearsing = rehearsing.contact(contact);
        }
        return rehearsingAt(settings.termsAgreed() ? rehearsing.agreeToTermsOfService() : rehearsing);
    }

    @Override
    public Optional<AcmeIssuer> rehearsal() {
        return partner;
    }

    @Override
    public String identity() {
        return settings.directory().toString();
    }

    @Override
    public CaLimits limits() {
        return settings.limits()
                .or(() -> settings.known().map(KnownAuthority::limits))
                .orElse(CaLimits.none());
    }

    @Override
    public CompletionStage<IssuanceTerms> terms(IssuanceContext context) {
        return orders.terms(context);
    }

    @Override
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        return orders.issue(Objects.requireNonNull(request, "request"), context);
    }

    @Override
    public CompletionStage<Optional<RenewalInformation>> renewalInformation(
            Credential credential, IssuanceContext context) {
        return orders.renewalInformation(credential, context);
    }

    @Override
    public CompletionStage<Void> revoke(Credential credential, RevocationReason reason, IssuanceContext context) {
        return orders.revoke(credential, reason, context);
    }

    @Override
    public CompletionStage<Void> rollOverAccountKey(IssuanceContext context) {
        return orders.rollOverAccountKey(context);
    }

    /** {@return the directory} */
    @Override
    public String toString() {
        return identity();
    }
}
