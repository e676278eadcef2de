package dev.gatehouse.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
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

    /** Chains have a few kilobytes; a file beyond this is something else. */
    private static final long MAX_FILE_BYTES = 1 << 20;

    /** Ciphers of old key files that the JDK does not have; not registered, so nothing else is affected. */
    private static final Provider CIPHERS = new BouncyCastleProvider();

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
        return Credential.of(privateKey(privateKey), certificates(certificateChain));
    }

    /**
     * Reads all certificates of a text.
     *
     * @param pem PEM text
     * @return the certificates in their order, at least one
     * @throws CredentialException if there is none, or one is malformed
     */
    public static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object section : sections(pem)) {
            if (section instanceof X509CertificateHolder holder) {
                certificates.add(toCertificate(holder));
            }
        }
        if (certificates.isEmpty()) {
            throw new CredentialException("The PEM text has no CERTIFICATE section. Give the certificate chain.");
        }
        return List.copyOf(certificates);
    }

    /**
     * Reads the private key of a text.
     *
     * @param pem PEM text with a key that is not encrypted
     * @return the first private key
     * @throws CredentialException if there is none, it is encrypted, or it is malformed
     */
    public static PrivateKey privateKey(String pem) {
        return firstKey(pem, null);
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
        return firstKey(pem, password);
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

    private static PrivateKey firstKey(String pem, char @Nullable [] password) {
        for (Object section : sections(pem)) {
            try {
                PrivateKeyInfo key = keyInfo(section, password);
                if (key != null) {
                    return new JcaPEMKeyConverter().getPrivateKey(key);
                }
            } catch (OperatorCreationException | PKCSException | IOException unreadable) {
                throw new CredentialException(
                        "The private key cannot be read: " + unreadable.getMessage()
                                + (password == null ? "." : ". Check the password."),
                        unreadable);
            }
        }
        throw new CredentialException("The PEM text has no private key section. Give the key of the certificate.");
    }

    private static @Nullable PrivateKeyInfo keyInfo(Object section, char @Nullable [] password)
            throws OperatorCreationException, PKCSException, IOException {
        if (section instanceof PrivateKeyInfo pkcs8) {
            return pkcs8;
        }
        if (section instanceof PEMKeyPair pkcs1OrSec1) {
            return pkcs1OrSec1.getPrivateKeyInfo();
        }
        if (section instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(CIPHERS)
                    .build(required(password)));
        }
        if (section instanceof PEMEncryptedKeyPair encrypted) {
            return encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(CIPHERS)
                            .build(required(password)))
                    .getPrivateKeyInfo();
        }
        return null;
    }

    private static char[] required(char @Nullable [] password) {
        if (password == null) {
            throw new CredentialException("The private key is encrypted. Give its password, or decrypt it:"
                    + " openssl pkey -in encrypted.key -out plain.key");
        }
        return password;
    }

    private static List<Object> sections(String pem) {
        List<Object> sections = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object section = parser.readObject(); section != null; section = parser.readObject()) {
                sections.add(section);
            }
        } catch (IOException | RuntimeException malformed) {
            throw new CredentialException("The PEM text is malformed: " + malformed.getMessage(), malformed);
        }
        return sections;
    }

    private static X509Certificate toCertificate(X509CertificateHolder holder) {
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (CertificateException malformed) {
            throw new CredentialException("A certificate is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new CredentialException(file + ": too large for PEM (more than 1 MiB). Is it the right file?");
            }
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new CredentialException(
                    file + ": cannot be read (" + unreadable + "). Check the path and its permissions.", unreadable);
        }
    }
}
