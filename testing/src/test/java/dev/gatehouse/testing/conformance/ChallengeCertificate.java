package dev.gatehouse.testing.conformance;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.KeyAlgorithm;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
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
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate of RFC 8737 section 3, rightly or wrongly as the test wants. */
final class ChallengeCertificate {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

    private boolean critical = true;
    private boolean identified = true;
    private GeneralName[] names;

    private ChallengeCertificate(GeneralName... names) {
        this.names = names;
    }

    static ChallengeCertificate forName(String name) {
        return new ChallengeCertificate(new GeneralName(GeneralName.dNSName, name));
    }

    static ChallengeCertificate forAddress(String address) {
        return new ChallengeCertificate(new GeneralName(GeneralName.iPAddress, address));
    }

    ChallengeCertificate and(GeneralName more) {
        names = new GeneralName[] {names[0], more};
        return this;
    }

    ChallengeCertificate notCritical() {
        critical = false;
        return this;
    }

    ChallengeCertificate withoutIdentifier() {
        identified = false;
        return this;
    }

    CertificateMaterial of(String keyAuthorization) throws Exception {
        KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();
        X500Name self = new X500Name("CN=challenge");
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                self,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(Duration.ofDays(1))),
                self,
                key.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        if (identified) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(keyAuthorization.getBytes());
            builder.addExtension(ACME_IDENTIFIER, critical, new DEROctetString(digest));
        }
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        return CertificateMaterial.of(key.getPrivate(), List.of(certificate));
    }
}
