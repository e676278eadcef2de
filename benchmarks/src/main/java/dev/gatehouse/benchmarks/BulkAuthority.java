package dev.gatehouse.benchmarks;

import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;

/**
 * Issues very many EC certificates fast, a fifth of a millisecond each with a key of its own. They have the extensions
 * that a public authority puts in, timestamps of two transparency logs included, so that they have its size. Safe for use
 * by several threads.
 */
final class BulkAuthority {

    private static final ASN1ObjectIdentifier TIMESTAMPS = new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
    private static final int BYTES_OF_TWO_TIMESTAMPS = 242;
    private static final ASN1ObjectIdentifier DOMAIN_VALIDATED = new ASN1ObjectIdentifier("2.23.140.1.2.1");

    private static final ECNamedDomainParameters P256 = new ECNamedDomainParameters(
            SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));

    private static final X500Name ROOT = new X500Name("C=US,O=Benchmark Security Research,CN=Benchmark Root X2");
    private static final X500Name INTERMEDIATE = new X500Name("C=US,O=Benchmark,CN=E7");

    private final SecureRandom random = new SecureRandom();
    private final AsymmetricCipherKeyPair intermediateKey = keyPair();
    private final byte[] intermediate;

    private BulkAuthority() {
        AsymmetricCipherKeyPair rootKey = keyPair();
        this.intermediate = sign(
                builder(ROOT, INTERMEDIATE, Duration.ofDays(3650), intermediateKey),
                rootKey,
                List.of(
                        extension(Extension.basicConstraints, new BasicConstraints(0)),
                        extension(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)),
                        extension(Extension.subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(intermediateKey))),
                        extension(Extension.authorityKeyIdentifier, new AuthorityKeyIdentifier(keyId(rootKey)))));
    }

    static BulkAuthority create() {
        return new BulkAuthority();
    }

    /**
     * A key and its chain, encoded.
     *
     * @param pkcs8 the private key, with its public half, as openssl writes it
     * @param leaf the certificate
     * @param intermediate its issuer
     */
    record Issued(byte[] pkcs8, byte[] leaf, byte[] intermediate) {

        Credential credential() {
            return Credential.ofDer(pkcs8, List.of(leaf, intermediate));
        }
    }

    Issued issue(String... names) {
        AsymmetricCipherKeyPair key = keyPair();
        byte[] timestamps = new byte[BYTES_OF_TWO_TIMESTAMPS];
        random.nextBytes(timestamps);
        byte[] leaf = sign(
                builder(INTERMEDIATE, new X500Name("CN=" + names[0]), Duration.ofDays(90), key),
                intermediateKey,
                List.of(
                        extension(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature)),
                        extension(Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                        extension(Extension.basicConstraints, new BasicConstraints(false)),
                        extension(Extension.subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(key))),
                        extension(Extension.authorityKeyIdentifier, new AuthorityKeyIdentifier(keyId(intermediateKey))),
                        extension(
                                Extension.authorityInfoAccess,
                                new AuthorityInformationAccess(
                                        AccessDescription.id_ad_caIssuers,
                                        new GeneralName(
                                                GeneralName.uniformResourceIdentifier, "http://e7.i.example/"))),
                        extension(
                                Extension.subjectAlternativeName,
                                new GeneralNames(Stream.of(names)
                                        .map(name -> new GeneralName(GeneralName.dNSName, name))
                                        .toArray(GeneralName[]::new))),
                        extension(
                                Extension.certificatePolicies,
                                new CertificatePolicies(new PolicyInformation(DOMAIN_VALIDATED))),
                        extension(TIMESTAMPS, new DEROctetString(timestamps))));
        try {
            return new Issued(
                    PrivateKeyInfoFactory.createPrivateKeyInfo(key.getPrivate()).getEncoded(), leaf, intermediate);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, Duration life, AsymmetricCipherKeyPair key) {
        Instant now = Instant.now();
        try {
            return new X509v3CertificateBuilder(
                    issuer,
                    new BigInteger(144, random),
                    Date.from(now.minusSeconds(3600)),
                    Date.from(now.plus(life)),
                    subject,
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.getPublic()));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] sign(X509v3CertificateBuilder builder, AsymmetricCipherKeyPair key, List<Extension> extensions) {
        var algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        var digest = new DefaultDigestAlgorithmIdentifierFinder().find(algorithm);
        AsymmetricKeyParameter signingKey = key.getPrivate();
        try {
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return builder.build(new BcECContentSignerBuilder(algorithm, digest)
                            .setSecureRandom(random)
                            .build(signingKey))
                    .getEncoded();
        } catch (IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Extension extension(ASN1ObjectIdentifier type, ASN1Encodable value) {
        try {
            return Extension.create(type, type.equals(Extension.basicConstraints), value);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private AsymmetricCipherKeyPair keyPair() {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(P256, random));
        return generator.generateKeyPair();
    }

    /** The first method of RFC 5280, section 4.2.1.2: the SHA-1 digest of the public key's bits. */
    private static byte[] keyId(AsymmetricCipherKeyPair key) {
        try {
            byte[] bits = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.getPublic())
                    .getPublicKeyData()
                    .getOctets();
            return MessageDigest.getInstance("SHA-1").digest(bits);
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
