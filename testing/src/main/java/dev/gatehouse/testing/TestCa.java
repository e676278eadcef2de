package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.Validity;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
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
 * <p>Immutable and safe for use by several threads.
 */
public final class TestCa {
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
        return new LeafBuilder(this, List.copyOf(names));
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
     * Issues a certificate for a client, such as {@link TlsProbe.Builder#clientCertificate} shows.
     *
     * @param commonName the client's name, the common name of the subject
     * @return a new key with its certificate and the intermediate
     */
    public CertificateMaterial issueClient(String commonName) {
        KeyPair key = keyAlgorithm.generateKeyPair();
        X509Certificate leaf = intermediate.issueClient(commonName, key.getPublic(), validityFromNow(null));
        return CertificateMaterial.of(key.getPrivate(), List.of(leaf, intermediate.certificate()));
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
        return root.crossSign(other.intermediate, validity);
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

    Issuer intermediate() {
        return intermediate;
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

    List<X509Certificate> certify(PublicKey key, Collection<String> names, Validity validity) {
        return List.of(intermediate.issue(key, names, validity), intermediate.certificate());
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
