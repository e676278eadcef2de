package dev.gatehouse.routing.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and PKCS #8 keys from PEM text (RFC 7468), with what the JDK has. */
public final class PemText {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
    private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN ([A-Z]+) PRIVATE KEY-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA", "RSASSA-PSS");

    private final String subject;
    private final String text;

    private PemText(String subject, String text) {
        this.subject = subject;
        this.text = text;
    }

    /**
     * Takes a text.
     *
     * @param setting what messages begin with
     * @param text the text
     * @return the text
     */
    public static PemText of(String setting, String text) {
        return new PemText(setting, text);
    }

    /**
     * Reads a file.
     *
     * @param setting what messages begin with
     * @param file the file
     * @return its text
     * @throws IllegalArgumentException if it cannot be read
     */
    public static PemText read(String setting, Path file) {
        try {
            return new PemText(setting + ": " + file, Files.readString(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    setting + ": " + file + " cannot be read (" + unreadable + "; check the path and its permissions)",
                    unreadable);
        }
    }

    /**
     * {@return the certificates in their order, at least one}
     *
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher sections = CERTIFICATE.matcher(text);
        while (sections.find()) {
            certificates.add(certificate(sections.group(1)));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(
                    subject + ": no certificate (expected: PEM text with -----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    private X509Certificate certificate(String base64) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(decode(base64)));
        } catch (CertificateException malformed) {
            throw new IllegalArgumentException(
                    subject + ": a certificate is malformed (" + malformed.getMessage() + "; copy it again)",
                    malformed);
        }
    }

    /**
     * {@return the private key}
     *
     * @throws IllegalArgumentException if there is none, or none in a form that the JDK reads
     */
    public PrivateKey privateKey() {
        Matcher key = PRIVATE_KEY.matcher(text);
        if (key.find()) {
            return privateKey(decode(key.group(1)));
        }
        Matcher other = OTHER_KEY.matcher(text);
        throw new IllegalArgumentException(
                other.find()
                        ? subject + ": the key is " + other.group(1) + " PRIVATE KEY (expected: PRIVATE KEY, which"
                                + " \"openssl pkcs8 -topk8 -nocrypt -in KEY\" makes of it)"
                        : subject + ": no private key (expected: PEM text with -----BEGIN PRIVATE KEY-----)");
    }

    private PrivateKey privateKey(byte[] encoded) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException isOfAnotherAlgorithm) {
                continue;
            } catch (GeneralSecurityException notThere) {
                throw new IllegalStateException(algorithm + " is not supported by this JDK", notThere);
            }
        }
        throw new IllegalArgumentException(subject
                + ": the private key is malformed or of an unknown algorithm (expected: " + KEY_ALGORITHMS + ")");
    }

    private byte[] decode(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    subject + ": a section is not Base64 (" + malformed.getMessage() + "; copy it again)", malformed);
        }
    }
}
