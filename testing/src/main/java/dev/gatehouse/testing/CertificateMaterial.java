package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.FixedKeyManager;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * A private key and certificates, exactly as they were put together: unlike a {@link Credential}, nothing is checked,
 * sorted or left out. So it can hold what a server should refuse to load, and what a client should refuse to accept.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class CertificateMaterial {
    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;

    private CertificateMaterial(PrivateKey privateKey, List<X509Certificate> chain) {
        this.privateKey = Objects.requireNonNull(privateKey, "privateKey");
        this.chain = List.copyOf(chain);
    }

    /**
     * Puts a key and certificates together.
     *
     * @param privateKey any key
     * @param chain the certificates in the order in which they are shown; at least one
     * @return the material
     */
    public static CertificateMaterial of(PrivateKey privateKey, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: at least one certificate)");
        }
        return new CertificateMaterial(privateKey, chain);
    }

    /**
     * Takes a sound credential.
     *
     * @param credential the credential
     * @return its key and its chain
     */
    public static CertificateMaterial of(Credential credential) {
        return new CertificateMaterial(credential.privateKey(), credential.chain());
    }

    /** {@return the certificates in the order in which they are shown; unmodifiable} */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** {@return the private key} */
    public PrivateKey privateKey() {
        return privateKey;
    }

    /** {@return the certificates as PEM, in the order in which they are shown} */
    public String certificatePem() {
        return Pem.encode(chain);
    }

    /** {@return the private key as PEM (PKCS #8)} */
    public String privateKeyPem() {
        return Pem.encode(privateKey);
    }

    /**
     * Makes a context for a server that shows exactly these certificates, whatever name it is asked for, and signs with
     * exactly this key.
     *
     * @return a new server context
     */
    public SSLContext sslContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager()}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a TLS context.", e);
        }
    }

    FixedKeyManager keyManager() {
        return new FixedKeyManager(privateKey, chain);
    }

    /** {@return the number of certificates and the kind of key; nothing secret} */
    @Override
    public String toString() {
        return chain.size() + " certificate(s) with a key of kind " + privateKey.getAlgorithm();
    }
}
