package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.Validity;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * The certificates of a {@link TestCa} with one fault each; everything else about them is right. Made by
 * {@link TestCa#broken}.
 *
 * <pre>{@code
 * SSLContext server = ca.broken("app.example.com").expired().sslContext();
 * }</pre>
 *
 * <p>Each call makes a new key. Immutable and safe for use by several threads.
 */
public final class BrokenCertificates {
    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final int WEAK_RSA_BITS = 1024;

    private final TestCa ca;
    private final List<String> names;

    BrokenCertificates(TestCa ca, List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: none (expected: at least one host name or IP address)");
        }
        this.ca = ca;
        this.names = names;
    }

    /** {@return a certificate that expired yesterday} */
    public CertificateMaterial expired() {
        return valid(Validity.starting(ca.now().minus(LIFETIME).minus(Duration.ofDays(1)), LIFETIME));
    }

    /** {@return a certificate that counts from tomorrow on} */
    public CertificateMaterial notYetValid() {
        return valid(Validity.starting(ca.now().plus(Duration.ofDays(1)), LIFETIME));
    }

    /** {@return a certificate for {@code wrong-host.invalid} and none of the names} */
    public CertificateMaterial wrongHost() {
        return CertificateMaterial.of(ca.issue("wrong-host.invalid"));
    }

    /** {@return the leaf alone: clients cannot get from it to the root} */
    public CertificateMaterial missingIntermediate() {
        CertificateMaterial sound = sound();
        return CertificateMaterial.of(sound.privateKey(), sound.chain().subList(0, 1));
    }

    /** {@return the intermediate first and the leaf after it: clients take the intermediate for the server's} */
    public CertificateMaterial wrongOrder() {
        CertificateMaterial sound = sound();
        return CertificateMaterial.of(
                sound.privateKey(), List.of(sound.chain().get(1), sound.chain().get(0)));
    }

    /** {@return a sound chain with the private key of another certificate, of the same kind} */
    public CertificateMaterial mismatchedKey() {
        return CertificateMaterial.of(ca.keyAlgorithm().generateKeyPair().getPrivate(), sound().chain());
    }

    /** {@return a certificate that signed itself, for the right names} */
    public CertificateMaterial selfSigned() {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        X509Certificate leaf = Issuer.selfSigned(
                names, key, ca.keyAlgorithm().signatureAlgorithm(), ca.validityFromNow(null), new SecureRandom());
        return CertificateMaterial.of(key.getPrivate(), List.of(leaf));
    }

    /**
     * Makes a certificate for an RSA key of 1024 bits. Browsers refuse it; the JDK's default settings do not, so a client
     * on the JDK refuses it only where {@code jdk.certpath.disabledAlgorithms} or its own constraints say so.
     *
     * @return the key with its certificate and the intermediate
     */
    public CertificateMaterial weakKey() {
        KeyPair key = weakRsaKey();
        return CertificateMaterial.of(key.getPrivate(), ca.certify(key.getPublic(), names, ca.validityFromNow(null)));
    }

    /**
     * Makes a certificate that is signed over a SHA-1 digest.
     *
     * @return the key with its certificate and the intermediate
     * @throws IllegalStateException if the CA has an Ed25519 key, which cannot sign a SHA-1 digest
     */
    public CertificateMaterial sha1Signature() {
        if (ca.keyAlgorithm() == KeyAlgorithm.ED25519) {
            throw new IllegalStateException(
                    "sha1Signature: an Ed25519 key does not sign SHA-1 digests. Use a CA with an EC or RSA key.");
        }
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        String kind = key.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA";
        X509Certificate leaf = ca.intermediate()
                .signingWith("SHA1with" + kind)
                .issue(key.getPublic(), names, ca.validityFromNow(null));
        return CertificateMaterial.of(key.getPrivate(), List.of(leaf, ca.intermediateCertificate()));
    }

    /** {@return a certificate for the right names whose extended key usage allows clients only} */
    public CertificateMaterial wrongExtendedKeyUsage() {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        X509Certificate leaf = ca.intermediate().issueForClientsOnly(key.getPublic(), names, ca.validityFromNow(null));
        return CertificateMaterial.of(key.getPrivate(), List.of(leaf, ca.intermediateCertificate()));
    }

    private CertificateMaterial sound() {
        return valid(ca.validityFromNow(null));
    }

    private CertificateMaterial valid(Validity validity) {
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        return CertificateMaterial.of(key.getPrivate(), ca.certify(key.getPublic(), names, validity));
    }

    private static KeyPair weakRsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(WEAK_RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make an RSA key.", e);
        }
    }
}
