package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the certificate that answers a TLS-ALPN-01 challenge (RFC 8737, section 3): self-signed, for exactly one name or
 * address, with the digest of the key authorization in a critical extension, which keeps it from being taken for more.
 */
public final class ChallengeCertificate {

    static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private static final X500Name SUBJECT = new X500Name("CN=acme challenge");
    private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);
    private static final int SERIAL_BITS = 120;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ChallengeCertificate() {}

    /** Makes it, with a key of its own; takes a millisecond or two. */
    public static Credential of(ServerName name, String keyAuthorization, Instant now) {
        KeyPair keyPair = CertificateKey.EC_P256.generate();
        try {
            return Credential.of(keyPair.getPrivate(), List.of(certificate(name, keyAuthorization, keyPair, now)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException impossible) {
            throw new IllegalStateException(
                    name + ": the certificate for its tls-alpn-01 challenge cannot be made: " + impossible.getMessage(),
                    impossible);
        }
    }

    private static X509Certificate certificate(ServerName name, String keyAuthorization, KeyPair keyPair, Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        int kind = name.isIpAddress() ? GeneralName.iPAddress : GeneralName.dNSName;
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                SUBJECT,
                new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS),
                Date.from(now.minus(CLOCK_DIFFERENCE)),
                Date.from(now.plus(CLOCK_DIFFERENCE)),
                SUBJECT,
                keyPair.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, name.value())));
        builder.addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest(keyAuthorization)));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keyPair.getPrivate())));
    }

    private static byte[] digest(String keyAuthorization) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes(StandardCharsets.US_ASCII));
    }
}
