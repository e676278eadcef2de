package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.AuditedCertificate.Made;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which keys a credential takes, and how it knows whose they are. */
class CredentialKeyTest {

    private static final String NAME = "app.example.com";
    private static final AlgorithmParameterSpec P256 = new ECGenParameterSpec("secp256r1");

    record Kind(
            String algorithm,
            AlgorithmParameterSpec parameters,
            @Nullable Provider provider,
            KeyType type,
            String signature) {

        KeyPair generate() {
            try {
                KeyPairGenerator generator = provider == null
                        ? KeyPairGenerator.getInstance(algorithm)
                        : KeyPairGenerator.getInstance(algorithm, provider);
                generator.initialize(parameters);
                return generator.generateKeyPair();
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        }

        @Override
        public String toString() {
            String name = parameters instanceof ECGenParameterSpec curve ? curve.getName() : algorithm;
            return name + (provider == null ? " of the JDK" : " of BouncyCastle");
        }
    }

    /** The JDK's keys come without their public half, BouncyCastle's with it. */
    static Stream<Kind> kinds() {
        Provider bouncyCastle = new BouncyCastleProvider();
        AlgorithmParameterSpec rsa = new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
        return Stream.of(
                new Kind("EC", P256, null, KeyType.EC, "SHA256withECDSA"),
                new Kind("EC", P256, bouncyCastle, KeyType.EC, "SHA256withECDSA"),
                new Kind("EC", new ECGenParameterSpec("secp384r1"), null, KeyType.EC, "SHA256withECDSA"),
                new Kind("EC", new ECGenParameterSpec("secp521r1"), null, KeyType.EC, "SHA256withECDSA"),
                new Kind("RSA", rsa, null, KeyType.RSA, "SHA256withRSA"),
                new Kind("RSA", rsa, bouncyCastle, KeyType.RSA, "SHA256withRSA"),
                new Kind("Ed25519", NamedParameterSpec.ED25519, null, KeyType.EDDSA, "Ed25519"),
                new Kind("Ed25519", NamedParameterSpec.ED25519, bouncyCastle, KeyType.EDDSA, "Ed25519"),
                new Kind("Ed448", NamedParameterSpec.ED448, null, KeyType.EDDSA, "Ed448"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEncodedKeyIsRecognisedAndSigns(Kind kind) throws Exception {
        Made made = made(kind.generate());

        Credential credential = Credential.ofDer(made.pkcs8(), List.of(made.der()));

        assertThat(credential.keyType()).isEqualTo(kind.type());
        assertThat(credential.leaf()).isEqualTo(made.certificate());
        assertSigns(credential, kind.signature());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEncodedKeyOfAnotherCertificateIsRefused(Kind kind) {
        Made made = made(kind.generate());
        byte[] other = kind.generate().getPrivate().getEncoded();

        assertThatThrownBy(() -> Credential.ofDer(other, List.of(made.der(), AuditedCertificate.INTERMEDIATE.der())))
                .isInstanceOf(CredentialException.class)
                .hasMessage("The private key (" + kind.type() + ") does not belong to certificate 'CN=leaf' (serial "
                        + made.certificate().getSerialNumber().toString(16) + ") nor to the others of its chain."
                        + " Give the key that the certificate was requested with.");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aKeyThatIsGivenAsAnObjectSignsToo(Kind kind) throws Exception {
        Made made = made(kind.generate());

        assertSigns(Credential.of(made.key(), List.of(made.certificate())), kind.signature());
    }

    @Test
    void aPublicKeyThatComesWithThePrivateOneIsNotBelieved() throws Exception {
        Made made = made(ec());
        org.bouncycastle.asn1.sec.ECPrivateKey stranger = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(
                PrivateKeyInfo.getInstance(ec().getPrivate().getEncoded()).parsePrivateKey());
        var lie = new org.bouncycastle.asn1.sec.ECPrivateKey(
                256,
                stranger.getKey(),
                new DERBitString(made.certificate().getPublicKey().getEncoded(), 0),
                null);
        AlgorithmIdentifier p256 = PrivateKeyInfo.getInstance(made.pkcs8()).getPrivateKeyAlgorithm();

        assertThatThrownBy(() -> Credential.ofDer(new PrivateKeyInfo(p256, lie).getEncoded(), List.of(made.der())))
                .hasMessageContaining("does not belong to certificate");
    }

    @Test
    void theSameNumberOnAnotherCurveIsAnotherKey() throws Exception {
        Made made = made(ec());
        PrivateKeyInfo key = PrivateKeyInfo.getInstance(made.pkcs8());
        byte[] moved = new PrivateKeyInfo(curve("1.3.132.0.34"), key.parsePrivateKey()).getEncoded();

        assertThatThrownBy(() -> Credential.ofDer(moved, List.of(made.der())))
                .hasMessageContaining("does not belong to certificate");
    }

    @Test
    void rsaNumbersThatDoNotBelongTogetherAreRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        Made made = made(generator.generateKeyPair());
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) made.key();
        BigInteger two = BigInteger.TWO;

        for (RSAPrivateKey broken : List.of(
                rsa(key, two, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO),
                rsa(key, BigInteger.ZERO, two, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO),
                rsa(key, BigInteger.ZERO, BigInteger.ZERO, two, BigInteger.ZERO, BigInteger.ZERO),
                rsa(key, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, two, BigInteger.ZERO),
                rsa(key, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, two))) {
            byte[] pkcs8 = new PrivateKeyInfo(
                            PrivateKeyInfo.getInstance(made.pkcs8()).getPrivateKeyAlgorithm(), broken)
                    .getEncoded();
            assertThatThrownBy(() -> Credential.ofDer(pkcs8, List.of(made.der())))
                    .isInstanceOf(CredentialException.class)
                    .hasMessage("The private key (RSA) is malformed: its numbers do not belong together. Give the key"
                            + " that the certificate was requested with.");
        }
    }

    @Test
    void aCurveThatTlsDoesNotHaveIsRefused() throws Exception {
        PrivateKeyInfo key = PrivateKeyInfo.getInstance(ec().getPrivate().getEncoded());
        byte[] bitcoin = new PrivateKeyInfo(curve("1.3.132.0.10"), key.parsePrivateKey()).getEncoded();

        assertThatThrownBy(() -> Credential.ofDer(bitcoin, List.of(new byte[0])))
                .isInstanceOf(CredentialException.class)
                .hasMessage("The private key is on a curve that TLS 1.3 does not have, or does not name its curve. Make"
                        + " a key on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }

    @Test
    void aKindOfKeyThatServersDoNotUseIsRefused() throws Exception {
        byte[] x25519 = KeyPairGenerator.getInstance("X25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();

        assertThatThrownBy(() -> Credential.ofDer(x25519, List.of(new byte[0])))
                .isInstanceOf(CredentialException.class)
                .hasMessage("The private key is for X25519, which TLS servers cannot use with every client. Make an EC"
                        + " key: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
    }

    @Test
    void zeroAndTheOrderOfTheCurveAreNoKeys() throws Exception {
        Made made = made(ec());
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

        for (BigInteger number : List.of(BigInteger.ZERO, order)) {
            byte[] pkcs8 = new PrivateKeyInfo(
                            curve("1.2.840.10045.3.1.7"), new org.bouncycastle.asn1.sec.ECPrivateKey(256, number))
                    .getEncoded();
            assertThatThrownBy(() -> Credential.ofDer(pkcs8, List.of(made.der())))
                    .isInstanceOf(CredentialException.class)
                    .hasMessageContaining("its number is out of range");
        }
    }

    @Test
    void whatIsMalformedIsRefusedWithTheWayToConvertIt() {
        Made made = made(ec());

        for (byte[] malformed : List.of(new byte[0], new byte[] {48, 3, 2, 1}, made.der())) {
            assertThatThrownBy(() -> Credential.ofDer(malformed, List.of(made.der())))
                    .isInstanceOf(CredentialException.class)
                    .hasMessageContaining("The private key is malformed. Give it as PKCS #8: openssl pkcs8 -topk8");
        }
        assertThatThrownBy(() -> Credential.ofDer(made.pkcs8(), List.of(made.pkcs8())))
                .isInstanceOf(CredentialException.class)
                .hasMessageStartingWith("A certificate is malformed: ")
                .hasMessageEndingWith(" Give X.509 certificates.");
        assertThatThrownBy(() -> Credential.ofDer(made.pkcs8(), List.of()))
                .isInstanceOf(CredentialException.class)
                .hasMessage("No certificate was given for the private key. Add the certificate chain.");
    }

    @Test
    void whateverTheBytesAreTheyMakeACredentialOrAMessage() {
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        Made made = AuditedCertificate.leaf(NAME, "*.example.com")
                .authorityKeyId(new byte[20])
                .issuerLocation("http://ca.example/")
                .make();
        for (int i = 0; i < 5000; i++) {
            byte[] key = random.nextInt(4) == 0 ? spoilt(made.pkcs8(), random) : made.pkcs8();
            byte[] leaf = spoilt(made.der(), random);
            try {
                Credential credential = Credential.ofDer(key, List.of(leaf, spoilt(made.der(), random)));
                credential.fingerprint();
                credential.serialNumber();
                credential.ariCertificateId();
                credential.missingIntermediate();
                credential.chain();
            } catch (CredentialException refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed + ", round " + i, unexpected);
            }
        }
    }

    private static byte[] spoilt(byte[] sound, RandomGenerator random) {
        byte[] spoilt = sound.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(spoilt, random.nextInt(spoilt.length)) : spoilt;
    }

    @Test
    void theArraysAreNotKept() throws Exception {
        Made made = made(ec());
        byte[] key = made.pkcs8().clone();
        byte[] leaf = made.der().clone();
        byte[] intermediate = AuditedCertificate.INTERMEDIATE.der().clone();
        Credential credential = Credential.ofDer(key, List.of(leaf, intermediate));

        Arrays.fill(key, (byte) 0);
        Arrays.fill(leaf, (byte) 0);
        Arrays.fill(intermediate, (byte) 0);

        assertThat(credential.chain())
                .containsExactly(made.certificate(), AuditedCertificate.INTERMEDIATE.certificate());
        assertSigns(credential, "SHA256withECDSA");
    }

    @Test
    void aKeyInADeviceIsKeptAsTheObjectThatItIs() {
        Made made = made(ec());
        byte[] handle = {1, 2, 3};
        byte[] anotherKey = ec().getPrivate().getEncoded();

        for (byte[] encoding : Arrays.asList(null, handle, anotherKey)) {
            PrivateKey inDevice = new KeyInDevice((ECPrivateKey) made.key(), encoding);
            Credential credential = Credential.of(inDevice, List.of(made.certificate()));

            assertThat(credential.privateKey()).isSameAs(inDevice);
            assertThat(credential.keyType()).isEqualTo(KeyType.EC);
        }
    }

    private static void assertSigns(Credential credential, String algorithm) throws Exception {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(credential.privateKey());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(credential.leaf());
        signature.update(new byte[] {1, 2, 3});
        assertThat(signature.verify(signed)).isTrue();
    }

    private static RSAPrivateKey rsa(
            RSAPrivateCrtKey key, BigInteger modulus, BigInteger d, BigInteger dp, BigInteger dq, BigInteger qInv) {
        return new RSAPrivateKey(
                key.getModulus().add(modulus),
                key.getPublicExponent(),
                key.getPrivateExponent().add(d),
                key.getPrimeP(),
                key.getPrimeQ(),
                key.getPrimeExponentP().add(dp),
                key.getPrimeExponentQ().add(dq),
                key.getCrtCoefficient().add(qInv));
    }

    private static AlgorithmIdentifier curve(String identifier) {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, new ASN1ObjectIdentifier(identifier));
    }

    private static KeyPair ec() {
        return new Kind("EC", P256, null, KeyType.EC, "SHA256withECDSA").generate();
    }

    private static Made made(KeyPair keyPair) {
        return AuditedCertificate.leaf(NAME).keyPair(keyPair).make();
    }

    /** What a hardware module gives out: it signs, and its encoding is none or says nothing. */
    private static final class KeyInDevice implements ECPrivateKey {

        private static final long serialVersionUID = 1L;

        private final transient ECPrivateKey key;
        private final transient byte @Nullable [] encoding;

        KeyInDevice(ECPrivateKey key, byte @Nullable [] encoding) {
            this.key = key;
            this.encoding = encoding;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public @Nullable String getFormat() {
            return encoding == null ? null : "PKCS#8";
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return encoding;
        }

        @Override
        public BigInteger getS() {
            return key.getS();
        }

        @Override
        public ECParameterSpec getParams() {
            return key.getParams();
        }
    }
}
