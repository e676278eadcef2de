package dev.gatehouse.tls.internal.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.CredentialException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;

class EncodedPrivateKeyTest {

    private static final ASN1ObjectIdentifier P256 = SECObjectIdentifiers.secp256r1;

    private final KeyPair pair = ecKeyPair();
    private final KeyPair other = ecKeyPair();

    @Test
    void publicHalfThatIsRightIsBelievedAndProvenLater() {
        EncodedPrivateKey believed = EncodedPrivateKey.believed(withPublicHalf(pair, pair));

        assertThat(believed.isProven()).isFalse();
        assertThat(believed.publicKey())
                .isEqualTo(EncodedPrivateKey.of(withPublicHalf(pair, pair)).publicKey());
        assertThat(believed.proven().isProven()).isTrue();
    }

    @Test
    void publicHalfOfAnotherKeyIsFoundOutWhenItIsProven() {
        byte[] mixed = withPublicHalf(pair, other);

        EncodedPrivateKey believed = EncodedPrivateKey.believed(mixed);

        assertThat(believed.publicKey())
                .isEqualTo(EncodedPrivateKey.of(withPublicHalf(other, other)).publicKey());
        assertThatThrownBy(believed::proven)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("the public key in its file is that of another private key");
    }

    @Test
    void publicHalfIsNotBelievedWhereProofIsAskedForAtOnce() {
        assertThat(EncodedPrivateKey.of(withPublicHalf(pair, other)).publicKey())
                .isEqualTo(EncodedPrivateKey.of(withPublicHalf(pair, pair)).publicKey());
    }

    @Test
    void keyWithoutAPublicHalfIsProvenAtOnce() {
        assertThat(EncodedPrivateKey.believed(pair.getPrivate().getEncoded()).isProven())
                .isTrue();
    }

    private static byte[] withPublicHalf(KeyPair secret, KeyPair open) {
        try {
            BigInteger number = ((ECPrivateKey) secret.getPrivate()).getS();
            byte[] point = SubjectPublicKeyInfo.getInstance(open.getPublic().getEncoded())
                    .getPublicKeyData()
                    .getOctets();
            return new PrivateKeyInfo(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, P256),
                            new org.bouncycastle.asn1.sec.ECPrivateKey(256, number, new DERBitString(point), P256))
                    .getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static KeyPair ecKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
