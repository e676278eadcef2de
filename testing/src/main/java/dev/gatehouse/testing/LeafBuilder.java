package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.Validity;
import dev.gatehouse.tls.Credential;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server certificate in the making; begun by {@link TestCa#leaf(String...)}. Each setting is made at most once. Not
 * safe for use by several threads.
 */
public final class LeafBuilder {
    private final TestCa ca;
    private final List<String> names;
    private @Nullable KeyAlgorithm keyAlgorithm;
    private @Nullable KeyPair keyPair;
    private @Nullable Duration lifetime;
    private @Nullable Validity validity;

    LeafBuilder(TestCa ca, List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: none (expected: at least one host name or IP address)");
        }
        this.ca = ca;
        this.names = names;
    }

    /**
     * Chooses the kind of key; the default is that of the CA.
     *
     * @param newKeyAlgorithm the kind of key
     * @return this builder
     */
    public LeafBuilder keyAlgorithm(KeyAlgorithm newKeyAlgorithm) {
        Settings.requireUnset("keyAlgorithm", keyAlgorithm);
        Settings.requireUnset("keyPair", keyPair == null ? null : "a key pair");
        keyAlgorithm = Objects.requireNonNull(newKeyAlgorithm, "keyAlgorithm");
        return this;
    }

    /**
     * Takes a key pair that is there already, in place of a new one; saves the time that RSA keys take.
     *
     * @param newKeyPair the server's key
     * @return this builder
     */
    public LeafBuilder keyPair(KeyPair newKeyPair) {
        Settings.requireUnset("keyPair", keyPair == null ? null : "a key pair");
        Settings.requireUnset("keyAlgorithm", keyAlgorithm);
        keyPair = Objects.requireNonNull(newKeyPair, "keyPair");
        return this;
    }

    /**
     * Sets how long the certificate lasts from now on; the default is that of the CA.
     *
     * @param newLifetime at least one second
     * @return this builder
     */
    public LeafBuilder lifetime(Duration newLifetime) {
        Settings.requireUnset("lifetime", lifetime);
        Settings.requireUnset("validity", validity);
        lifetime = Settings.positive("lifetime", newLifetime);
        return this;
    }

    /**
     * Sets when the certificate counts: also in the past or in the future, to have one that has expired or is not valid
     * yet. Certificates know whole seconds only; fractions are cut off.
     *
     * @param notBefore first moment
     * @param notAfter last moment, at least a second later
     * @return this builder
     */
    public LeafBuilder validity(Instant notBefore, Instant notAfter) {
        Settings.requireUnset("validity", validity);
        Settings.requireUnset("lifetime", lifetime);
        validity = new Validity(notBefore, notAfter);
        return this;
    }

    /**
     * Issues the certificate. A new key is made on each call, unless a key pair was given.
     *
     * @return the key with its certificate and the intermediate
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is neither a host name nor an IP address
     */
    public Credential issue() {
        KeyPair pair = keyPair != null ? keyPair : chosenAlgorithm().generateKeyPair();
        return Credential.of(pair.getPrivate(), certify(pair.getPublic()));
    }

    /**
     * Issues the certificate for a key whose private half is elsewhere, as a CA does for a certificate signing request.
     *
     * @param publicKey the server's key
     * @return the certificate and the intermediate, in this order; unmodifiable
     * @throws dev.gatehouse.tls.InvalidNameException if one of the names is neither a host name nor an IP address
     */
    public List<X509Certificate> certify(PublicKey publicKey) {
        return ca.certify(publicKey, names, validity != null ? validity : ca.validityFromNow(lifetime));
    }

    private KeyAlgorithm chosenAlgorithm() {
        return keyAlgorithm != null ? keyAlgorithm : ca.keyAlgorithm();
    }
}
