package dev.gatehouse.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates with every fault that an audit finds; {@link #leaf} has none. Each setter changes this recipe. */
final class AuditedCertificate {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");
    static final AlgorithmParameterSpec P256 = new ECGenParameterSpec("secp256r1");
    static final Made ROOT = authority("CN=root", null);
    static final Made INTERMEDIATE = authority("CN=intermediate", ROOT);

    private final String subject;
    private @Nullable Made issuer;
    private AlgorithmParameterSpec key = P256;
    private String signature = "SHA256withECDSA";
    private Instant from = NOW.minus(Duration.ofDays(1));
    private Duration life = Duration.ofDays(90);
    private KeyPurposeId @Nullable [] usages = {KeyPurposeId.id_kp_serverAuth};
    private boolean authority;
    private boolean basicConstraints = true;
    private @Nullable KeyPair keyPair;
    private String[] names = {};
    private BigInteger serial = BigInteger.valueOf(SERIAL.getAndIncrement());
    private final List<Extension> extensions = new ArrayList<>();

    private AuditedCertificate(String subject, @Nullable Made issuer) {
        this.subject = subject;
        this.issuer = issuer;
    }

    static AuditedCertificate leaf(String... names) {
        AuditedCertificate recipe = subject("CN=leaf");
        recipe.names = names;
        return recipe;
    }

    static AuditedCertificate subject(String subject) {
        return new AuditedCertificate(subject, INTERMEDIATE);
    }

    static Made authority(String subject, @Nullable Made issuer) {
        return new AuditedCertificate(subject, issuer)
                .certificateAuthority()
                .life(Duration.ofDays(3650))
                .make();
    }

    AuditedCertificate issuedBy(@Nullable Made issuer) {
        this.issuer = issuer;
        return this;
    }

    AuditedCertificate key(AlgorithmParameterSpec key) {
        this.key = key;
        return this;
    }

    AuditedCertificate signature(String signature) {
        this.signature = signature;
        return this;
    }

    AuditedCertificate from(Instant from) {
        this.from = from;
        return this;
    }

    AuditedCertificate life(Duration life) {
        this.life = life;
        return this;
    }

    AuditedCertificate usages(KeyPurposeId @Nullable ... usages) {
        this.usages = usages;
        return this;
    }

    AuditedCertificate certificateAuthority() {
        this.authority = true;
        return this;
    }

    AuditedCertificate withoutBasicConstraints() {
        this.basicConstraints = false;
        return this;
    }

    AuditedCertificate serial(BigInteger serial) {
        this.serial = serial;
        return this;
    }

    AuditedCertificate keyPair(KeyPair keyPair) {
        this.keyPair = keyPair;
        return this;
    }

    AuditedCertificate extension(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
        try {
            extensions.add(Extension.create(type, critical, value));
            return this;
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    AuditedCertificate subjectKeyId(byte[] id) {
        return extension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(id));
    }

    AuditedCertificate authorityKeyId(byte[] id) {
        return extension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(id));
    }

    AuditedCertificate issuerLocation(String uri) {
        return extension(
                Extension.authorityInfoAccess,
                false,
                new AuthorityInformationAccess(
                        AccessDescription.id_ad_caIssuers,
                        new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    }

    Made make() {
        try {
            KeyPair pair = keyPair == null ? generated() : keyPair;
            Made signer = issuer;
            X500Name issuerName = new X500Name(signer == null ? subject : signer.subject());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    serial,
                    Date.from(from),
                    Date.from(from.plus(life)),
                    new X500Name(subject),
                    pair.getPublic());
            if (basicConstraints) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            }
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, subjectAlternativeNames());
            }
            if (usages != null && !authority) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usages));
            }
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            PrivateKey signingKey = signer == null ? pair.getPrivate() : signer.key();
            return new Made(
                    subject,
                    builder.build(new JcaContentSignerBuilder(signature)
                                    .setProvider(new BouncyCastleProvider())
                                    .build(signingKey))
                            .getEncoded(),
                    pair.getPrivate());
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private KeyPair generated() throws GeneralSecurityException {
        String algorithm = key instanceof RSAKeyGenParameterSpec ? "RSA" : "EC";
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, new BouncyCastleProvider());
        generator.initialize(key);
        return generator.generateKeyPair();
    }

    private GeneralNames subjectAlternativeNames() {
        return new GeneralNames(Arrays.stream(names)
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    record Made(String subject, byte[] der, PrivateKey key) {

        X509Certificate certificate() {
            return CertificateChains.parse(der);
        }

        byte[] pkcs8() {
            return key.getEncoded();
        }
    }
}
