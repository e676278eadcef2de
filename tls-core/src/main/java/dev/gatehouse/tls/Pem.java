package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import dev.gatehouse.tls.internal.pem.BoundedFile;
import dev.gatehouse.tls.internal.pem.PemSection;
import dev.gatehouse.tls.internal.pem.PemText;
import dev.gatehouse.tls.internal.pem.PrivateKeyForms;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes PEM text (RFC 7468): certificate chains, and private keys as PKCS #8, encrypted PKCS #8, PKCS #1 and
 * SEC 1. What stands before, between and after the sections is passed over, as are sections of other kinds.
 *
 * <p>The methods have no state and are safe for use by several threads. Those with a {@link Path} read a file and block.
 */
public final class Pem {

    private Pem() {}

    /**
     * Reads a credential from two files, or from one that has both.
     *
     * @param certificateChain a file with the certificates, in any order
     * @param privateKey a file with the private key, which may be the same file
     * @return the credential
     * @throws CredentialException if the files cannot be read or do not fit together; the message names them
     */
    public static Credential credential(Path certificateChain, Path privateKey) {
        String certificates = read(certificateChain);
        String key = read(privateKey);
        try {
            return credential(certificates, key);
        } catch (CredentialException unusable) {
            throw new CredentialException(
                    certificateChain + " with " + privateKey + ": " + unusable.getMessage(), unusable);
        }
    }

    /**
     * Reads a credential from PEM text.
     *
     * @param certificateChain the certificates, in any order
     * @param privateKey the private key, not encrypted
     * @return the credential
     * @throws CredentialException if they cannot be read or do not fit together
     */
    public static Credential credential(String certificateChain, String privateKey) {
        return Credential.of(firstKey(privateKey, null).proven(), encodedCertificates(certificateChain));
    }

    /**
     * Reads all certificates of a text.
     *
     * @param pem PEM text
     * @return the certificates in their order, at least one
     * @throws CredentialException if there is none, or one is malformed
     */
    public static List<X509Certificate> certificates(String pem) {
        return encodedCertificates(pem).stream()
                .map(certificate -> CertificateChains.parse(certificate.encoded()))
                .toList();
    }

    /**
     * Reads the private key of a text.
     *
     * @param pem PEM text with a key that is not encrypted
     * @return the first private key
     * @throws CredentialException if there is none, it is encrypted, or it is malformed
     */
    public static PrivateKey privateKey(String pem) {
        return firstKey(pem, null).toPrivateKey();
    }

    /**
     * Reads the private key of a text.
     *
     * @param pem PEM text
     * @param password opens the key if it is encrypted; not changed, and not kept
     * @return the first private key
     * @throws CredentialException if there is none, the password does not open it, or it is malformed
     */
    public static PrivateKey privateKey(String pem, char[] password) {
        return firstKey(pem, () -> password).toPrivateKey();
    }

    /**
     * Writes certificates.
     *
     * @param certificates what to write, in this order
     * @return PEM text
     */
    public static String encode(List<X509Certificate> certificates) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            for (X509Certificate certificate : certificates) {
                writer.writeObject(new PemObject("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (IOException | CertificateException unencodable) {
            throw new CredentialException("A certificate cannot be encoded: " + unencodable.getMessage(), unencodable);
        }
        return text.toString();
    }

    /**
     * Writes a private key as PKCS #8, not encrypted. Keep the text out of logs and in files that only their owner reads.
     *
     * @param key the key
     * @return PEM text
     * @throws CredentialException if the key is kept in a device that does not give it away
     */
    public static String encode(PrivateKey key) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
        } catch (IOException | RuntimeException unencodable) {
            throw new CredentialException(
                    "The private key (" + key.getAlgorithm() + ") cannot be encoded. Is it in a device?", unencodable);
        }
        return text.toString();
    }

    private static List<EncodedCertificate> encodedCertificates(String pem) {
        List<EncodedCertificate> certificates = new ArrayList<>();
        for (PemSection section : PemText.sections(pem)) {
            if (section.isCertificate()) {
                certificates.add(section.certificate());
            }
        }
        if (certificates.isEmpty()) {
            throw new CredentialException("The PEM text has no CERTIFICATE section. Give the certificate chain.");
        }
        return certificates;
    }

    private static EncodedPrivateKey firstKey(String pem, @Nullable Supplier<char[]> password) {
        for (PemSection section : PemText.sections(pem)) {
            if (section.isPrivateKey()) {
                return PrivateKeyForms.read(section, password);
            }
        }
        throw new CredentialException("The PEM text has no private key section. Give the key of the certificate.");
    }

    private static String read(Path file) {
        try {
            return PemText.decode(BoundedFile.read(file));
        } catch (IOException unreadable) {
            throw new CredentialException(
                    file + ": cannot be read (" + unreadable + "). Check the path and its permissions.", unreadable);
        }
    }
}
