package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.LeafTerms;
import dev.gatehouse.testing.internal.pki.Revocation;
import dev.gatehouse.testing.internal.pki.RevocationSources;
import dev.gatehouse.testing.internal.pki.Validity;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A certification authority for tests: a root, an intermediate below it, and as many server certificates as a test
 * needs. Nothing has to be installed: {@link #sslContext()} makes a client that trusts this root and no other.
 *
 * <pre>{@code
 * TestCa ca = TestCa.create();
 * Credential credential = ca.issue("app.example.com", "*.shop.example.com");
 * Credential shortLived = ca.leaf("10.0.0.7").keyAlgorithm(KeyAlgorithm.RSA_2048).lifetime(Duration.ofDays(6)).issue();
 * HttpClient client = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
 * }</pre>
 *
 * <p>What it issues looks like what public CAs issue today: no common name, the names in a critical subject alternative
 * name extension, key identifiers, extended key usage for servers, serial numbers of 128 random bits. Its own keys live
 * in memory only.
 *
 * <p>{@link #broken} makes certificates that clients have to refuse. {@link #revoke} takes one back, which clients learn
 * from a {@link RevocationServer}.
 *
 * <p>Safe for use by several threads. Nothing about a CA changes but its memory of what it issued and revoked.
 */
public final class TestCa {
    private static final List<CRLReason> NOT_FOR_REVOKING = List.of(CRLReason.UNUSED, CRLReason.REMOVE_FROM_CRL);
    private static final Duration BEFORE_NOW = Duration.ofDays(2 * 365);
    private static final Duration CA_LIFETIME = Duration.ofDays(20 * 365);

    private final KeyAlgorithm keyAlgorithm;
    private final Duration leafLifetime;
    private final InstantSource clock;
    private final Issuer root;
    private final Issuer intermediate;

    private TestCa(String name, KeyAlgorithm keyAlgorithm, Duration leafLifetime, InstantSource clock) {
        this.keyAlgorithm = keyAlgorithm;
        this.leafLifetime = leafLifetime;
        this.clock = clock;
        // Long enough around the present that a leaf which has expired, or is not valid yet, is the only thing wrong.
        Validity validity = Validity.starting(clock.instant().minus(BEFORE_NOW), CA_LIFETIME);
        String algorithm = keyAlgorithm.signatureAlgorithm();
        this.root =
                Issuer.root(name + " Root", keyAlgorithm.generateKeyPair(), algorithm, validity, new SecureRandom());
        this.intermediate =
                root.intermediate(name + " Intermediate", keyAlgorithm.generateKeyPair(), algorithm, validity);
    }

    /**
     * Makes a CA with P-256 keys, whose certificates last 90 days.
     *
     * @return a new CA
     */
    public static TestCa create() {
        return builder().build();
    }

    /** {@return a builder for a CA of another kind} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Issues a credential with the settings of this CA.
     *
     * @param names exact names, wildcard names and IP addresses; at least one
     * @return a new key with its certificate and the intermediate
     * @throws dev.gatehouse.tls.InvalidNameException if one of them is none of these
     */
    public Credential issue(String... names) {
        return leaf(names).issue();
    }

    /**
     * Starts a server certificate with settings of its own.
     *
     * @param names exact names, wildcard names and IP addresses; at least one
     * @return a builder, which is not safe for use by several threads
     */
    public LeafBuilder leaf(String... names) {
        return leaf(Arrays.asList(names));
    }

    /**
     * Starts a server certificate with settings of its own.
     *
     * @param names exact names, wildcard names and IP addresses; at least one
     * @return a builder, which is not safe for use by several threads
     */
    public LeafBuilder leaf(Collection<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: none (expected: at least one host name or IP address)");
        }
        return new LeafBuilder(this, LeafTerms.server(List.copyOf(names)));
    }

    /**
     * Starts a server certificate whose DNS names are written as they are: also with a star in the wrong place, an
     * underscore, or upper case. {@link LeafBuilder#material()} issues it.
     *
     * @param dnsNames ASCII characters; at least one name
     * @return a builder, which is not safe for use by several threads
     */
    public LeafBuilder leafWithLiteralNames(String... dnsNames) {
        if (dnsNames.length == 0) {
            throw new IllegalArgumentException("dnsNames: none (expected: at least one)");
        }
        return new LeafBuilder(this, LeafTerms.literally(List.of(dnsNames)));
    }

    /**
     * Starts a certificate for a client with settings of its own: expired, to be revoked, of another kind of key.
     * {@link LeafBuilder#material()} issues it.
     *
     * @param commonName the client's name, the common name of the subject
     * @return a builder, which is not safe for use by several threads
     */
    public LeafBuilder client(String commonName) {
        return new LeafBuilder(this, LeafTerms.client(Objects.requireNonNull(commonName, "commonName")));
    }

    /**
     * Makes certificates that clients refuse, each for one reason.
     *
     * @param names exact names, wildcard names and IP addresses; at least one
     * @return the faults to choose from
     */
    public BrokenCertificates broken(String... names) {
        return new BrokenCertificates(this, List.of(names));
    }

    /**
     * Issues a certificate for a client, such as {@link TlsProbeBuilder#clientCertificate} shows.
     *
     * @param commonName the client's name, the common name of the subject
     * @return a new key with its certificate and the intermediate
     */
    public CertificateMaterial issueClient(String commonName) {
        return client(commonName).material();
    }

    /**
     * Revokes a certificate for no particular reason.
     *
     * @param certificate a certificate that this CA issued: a leaf, the intermediate, or that of a
     *     {@link RevocationServer}
     * @throws IllegalArgumentException if this CA did not issue it
     * @throws IllegalStateException if it was revoked already
     */
    public void revoke(X509Certificate certificate) {
        revoke(certificate, CRLReason.UNSPECIFIED);
    }

    /**
     * Revokes a certificate from now on, by the clock of this CA. Clients learn it from a {@link RevocationServer}, at
     * once: neither its responses nor its lists are made in advance.
     *
     * @param certificate a certificate that this CA issued: a leaf, the intermediate, or that of a
     *     {@link RevocationServer}
     * @param reason one of RFC 5280 section 5.3.1; neither {@code REMOVE_FROM_CRL} nor {@code UNUSED}, which revoke nothing
     * @throws IllegalArgumentException if this CA did not issue it, or the reason revokes nothing
     * @throws IllegalStateException if it was revoked already
     */
    public void revoke(X509Certificate certificate, CRLReason reason) {
        if (NOT_FOR_REVOKING.contains(Objects.requireNonNull(reason, "reason"))) {
            throw new IllegalArgumentException("reason: " + reason + " revokes nothing. Give another one.");
        }
        if (!issuerOf(certificate).issued().revoke(certificate.getSerialNumber(), new Revocation(now(), reason))) {
            throw new IllegalStateException("Certificate " + certificate.getSerialNumber()
                    + " was revoked already. Issue another one to revoke.");
        }
    }

    /**
     * Tells whether a certificate was revoked.
     *
     * @param certificate any certificate
     * @return whether this CA issued it and then revoked it
     */
    public boolean isRevoked(X509Certificate certificate) {
        return Stream.of(root, intermediate)
                .filter(issuer -> issued(issuer, certificate))
                .anyMatch(issuer -> issuer.issued()
                        .revocation(certificate.getSerialNumber())
                        .isPresent());
    }

    /** {@return the certificate that clients have to trust} */
    public X509Certificate rootCertificate() {
        return root.certificate();
    }

    /** {@return the certificate that signs the servers' certificates, the last one in each chain} */
    public X509Certificate intermediateCertificate() {
        return intermediate.certificate();
    }

    /**
     * Vouches for another CA: clients that trust this root then accept the certificates of the other, when its servers
     * send this certificate in place of the other's intermediate. This is how CAs move from one root to the next, and
     * where alternate chains come from.
     *
     * @param other the CA whose intermediate is signed
     * @return a second certificate for the name and the key of the other's intermediate
     */
    public X509Certificate crossSign(TestCa other) {
        Validity validity = new Validity(
                rootCertificate().getNotBefore().toInstant(),
                rootCertificate().getNotAfter().toInstant());
        return root.crossSign(other.intermediate, validity, RevocationSources.NONE);
    }

    /** {@return the root certificate as PEM, for clients that read a file} */
    public String rootPem() {
        return Pem.encode(List.of(rootCertificate()));
    }

    /**
     * Makes a trust store.
     *
     * @return a new key store with the root as its only entry
     */
    public KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("root", rootCertificate());
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot make a PKCS #12 key store.", e);
        }
    }

    /**
     * Makes a trust manager, for clients that want one beside the context.
     *
     * @return a new trust manager that trusts this root only
     */
    public X509TrustManager trustManager() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trustStore());
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a PKIX trust manager.", e);
        }
    }

    /**
     * Makes a context for clients. Host names are checked by those clients that check them with the JDK's own context,
     * such as {@code java.net.http.HttpClient}; a bare {@code SSLSocket} needs
     * {@code SSLParameters.setEndpointIdentificationAlgorithm("HTTPS")}.
     *
     * @return a new client context that trusts this root only
     */
    public SSLContext sslContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new X509TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a TLS context.", e);
        }
    }

    Issuer root() {
        return root;
    }

    Issuer intermediate() {
        return intermediate;
    }

    InstantSource clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    KeyAlgorithm keyAlgorithm() {
        return keyAlgorithm;
    }

    Validity validityFromNow(@Nullable Duration lifetime) {
        return Validity.starting(clock.instant(), lifetime == null ? leafLifetime : lifetime);
    }

    List<X509Certificate> certify(PublicKey key, LeafTerms terms, Validity validity) {
        return List.of(intermediate.issue(key, terms, validity), intermediate.certificate());
    }

    /** A second certificate of the intermediate, which tells where its state can be had. */
    X509Certificate intermediateCertificate(Validity validity, RevocationSources sources) {
        return root.crossSign(intermediate, validity, sources);
    }

    Validity intermediateValidity() {
        return new Validity(
                intermediateCertificate().getNotBefore().toInstant(),
                intermediateCertificate().getNotAfter().toInstant());
    }

    /** The root or the intermediate, whichever issued the certificate. */
    Issuer issuerOf(X509Certificate certificate) {
        return Stream.of(root, intermediate)
                .filter(issuer -> issued(issuer, certificate))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Certificate " + certificate.getSerialNumber() + " of "
                        + certificate.getIssuerX500Principal() + " was not issued by this CA, whose root is "
                        + rootCertificate().getSubjectX500Principal() + ". Ask the CA that issued it."));
    }

    private static boolean issued(Issuer issuer, X509Certificate certificate) {
        return issuer.issued().contains(certificate.getSerialNumber());
    }

    /** Settings of a {@link TestCa}. Each is made at most once. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable KeyAlgorithm keyAlgorithm;
        private @Nullable Duration leafLifetime;
        private @Nullable InstantSource clock;

        private Builder() {}

        /**
         * Names the CA; the default is {@code Gatehouse Test} and a random number, so that two of them in one trust
         * store are not mistaken for one another.
         *
         * @param newName what the names of root and intermediate begin with
         * @return this builder
         */
        public Builder name(String newName) {
            Settings.requireUnset("name", name);
            name = Objects.requireNonNull(newName, "name");
            return this;
        }

        /**
         * Chooses the keys of root and intermediate, and of the leaves that say nothing else; the default is
         * {@link KeyAlgorithm#EC_P256}.
         *
         * @param newKeyAlgorithm the kind of key
         * @return this builder
         */
        public Builder keyAlgorithm(KeyAlgorithm newKeyAlgorithm) {
            Settings.requireUnset("keyAlgorithm", keyAlgorithm);
            keyAlgorithm = Objects.requireNonNull(newKeyAlgorithm, "keyAlgorithm");
            return this;
        }

        /**
         * Sets how long a leaf lasts that says nothing else; the default is 90 days.
         *
         * @param newLeafLifetime at least one second
         * @return this builder
         */
        public Builder leafLifetime(Duration newLeafLifetime) {
            Settings.requireUnset("leafLifetime", leafLifetime);
            leafLifetime = Settings.positive("leafLifetime", newLeafLifetime);
            return this;
        }

        /**
         * Sets the clock that validity starts from; the default is the system's.
         *
         * @param newClock asked once for each certificate
         * @return this builder
         */
        public Builder clock(InstantSource newClock) {
            Settings.requireUnset("clock", clock);
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * Makes the keys and certificates of root and intermediate.
         *
         * @return a new CA
         */
        public TestCa build() {
            return new TestCa(
                    name == null
                            ? "Gatehouse Test " + HexFormat.of().toHexDigits((short) new SecureRandom().nextInt())
                            : name,
                    keyAlgorithm == null ? KeyAlgorithm.EC_P256 : keyAlgorithm,
                    leafLifetime == null ? Duration.ofDays(90) : leafLifetime,
                    clock == null ? InstantSource.system() : clock);
        }
    }
}
