package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.KeyType;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed448PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Key pairs of which a file has the private half, and whether two halves are one. */
final class KeyPairs {

    private static final byte[] PROBE = "gatehouse account key".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Throws CredentialException if the text has no private key that can be used. */
    static KeyPair fromPem(String text) {
        return of(Pem.privateKey(text));
    }

    /** Reads a JSON web key (RFC 7517). Throws CredentialException if it is not a pair that can be used. */
    static KeyPair fromJwk(String text) {
        try {
            PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(text);
            if (key.getPrivateKey() == null) {
                throw new CredentialException(
                        "The JSON web key has no private half. Take the file from the client again.");
            }
            return proven(new KeyPair(key.getPublicKey(), key.getPrivateKey()));
        } catch (JoseException | RuntimeException malformed) {
            throw malformed instanceof CredentialException unusable
                    ? unusable
                    : new CredentialException(
                            "The JSON web key is malformed. Take the file from the client again.", malformed);
        }
    }

    /** Throws CredentialException if no public key can be computed. */
    static KeyPair of(PrivateKey privateKey) {
        try {
            AsymmetricKeyParameter publicHalf = publicHalf(PrivateKeyFactory.createKey(privateKey.getEncoded()));
            byte[] encoded = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicHalf)
                    .getEncoded();
            PublicKey publicKey = KeyFactory.getInstance(KeyType.of(privateKey).toString())
                    .generatePublic(new X509EncodedKeySpec(encoded));
            return proven(new KeyPair(publicKey, privateKey));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | IllegalStateException unusable) {
            throw unusable instanceof CredentialException already
                    ? already
                    : new CredentialException(
                            "The private key (" + privateKey.getAlgorithm() + ") cannot be used. Use an EC or RSA key.",
                            unusable);
        }
    }

    private static AsymmetricKeyParameter publicHalf(AsymmetricKeyParameter key) {
        if (key instanceof ECPrivateKeyParameters ec) {
            return new ECPublicKeyParameters(
                    ec.getParameters().getG().multiply(ec.getD()).normalize(), ec.getParameters());
        }
        if (key instanceof RSAPrivateCrtKeyParameters rsa) {
            return new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
        }
        if (key instanceof Ed25519PrivateKeyParameters ed25519) {
            return ed25519.generatePublicKey();
        }
        if (key instanceof Ed448PrivateKeyParameters ed448) {
            return ed448.generatePublicKey();
        }
        throw new IllegalArgumentException("no way from this private key to its public key");
    }

    private static KeyPair proven(KeyPair pair) {
        if (!isPair(pair.getPublic(), pair.getPrivate())) {
            throw new CredentialException(
                    "The two halves of the key are not one pair. Take the file from the client again.");
        }
        return pair;
    }

    /** Whether the private half signs what the public half verifies. */
    static boolean isPair(PublicKey publicKey, PrivateKey privateKey) {
        try {
            if (KeyType.of(publicKey) != KeyType.of(privateKey)) {
                return false;
            }
            Signature signature = Signature.getInstance(
                    switch (KeyType.of(privateKey)) {
                        case EC -> "SHA256withECDSA";
                        case RSA -> "SHA256withRSA";
                        case EDDSA -> "EdDSA";
                    });
            signature.initSign(privateKey);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException notOne) {
            return false;
        }
    }
}
