package dev.gatehouse.tls;

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
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
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
    private String[] names = {};

    private AuditedCertificate(String subject, @Nullable Made issuer) {
        this.subject = subject;
        this.issuer = issuer;
    }

    static AuditedCertificate leaf(String... names) {
        AuditedCertificate recipe = new AuditedCertificate("CN=leaf", INTERMEDIATE);
        recipe.names = names;
        return recipe;
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

    Made make() {
        try {
            KeyPair pair = keyPair();
            Made signer = issuer;
            X500Name issuerName = new X500Name(signer == null ? subject : signer.subject());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(from),
                    Date.from(from.plus(life)),
                    new X500Name(subject),
                    pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, subjectAlternativeNames());
            }
            if (usages != null && !authority) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usages));
            }
            PrivateKey signingKey = signer == null ? pair.getPrivate() : signer.key();
            return new Made(
                    subject,
                    new JcaX509CertificateConverter()
                            .getCertificate(builder.build(new JcaContentSignerBuilder(signature)
                                    .setProvider(new BouncyCastleProvider())
                                    .build(signingKey))),
                    pair.getPrivate());
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private KeyPair keyPair() throws GeneralSecurityException {
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

    record Made(String subject, X509Certificate certificate, PrivateKey key) {}
}
