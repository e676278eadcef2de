package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.Provider;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Opens encrypted private keys: PKCS #8 with PBES1 or PBES2 (RFC 8018), and what OpenSSL did before. */
final class KeyDecryption {

    /** OpenSSL writes 2,048, careful people up to a million; more is a trap that keeps a processor busy. */
    private static final BigInteger MAX_COST = BigInteger.valueOf(10_000_000);

    /** Ciphers of old key files that the JDK does not have; not registered, so nothing else is affected. */
    private static final Provider CIPHERS = new BouncyCastleProvider();

    private KeyDecryption() {}

    static byte[] pkcs8(byte[] encrypted, @Nullable Supplier<char[]> password) {
        char[] secret = required(password);
        try {
            PKCS8EncryptedPrivateKeyInfo key = new PKCS8EncryptedPrivateKeyInfo(encrypted);
            requireBearable(key.getEncryptionAlgorithm());
            return key.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                            .setProvider(CIPHERS)
                            .build(secret))
                    .getEncoded();
        } catch (IOException | OperatorCreationException | PKCSException | RuntimeException unreadable) {
            throw undecryptable(unreadable);
        }
    }

    static byte[] traditional(byte[] encrypted, String dekInfo, @Nullable Supplier<char[]> password) {
        char[] secret = required(password);
        int comma = dekInfo.indexOf(',');
        try {
            return new JcePEMDecryptorProviderBuilder()
                    .setProvider(CIPHERS)
                    .build(secret)
                    .get(dekInfo.substring(0, comma))
                    .decrypt(
                            encrypted,
                            HexFormat.of().parseHex(dekInfo.substring(comma + 1).trim()));
        } catch (OperatorCreationException | PEMException | RuntimeException unreadable) {
            throw undecryptable(unreadable);
        }
    }

    /** PBKDF2 and scrypt both have their cost behind the salt. */
    private static void requireBearable(AlgorithmIdentifier encryption) {
        if (!encryption.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            return;
        }
        ASN1Sequence derivation = ASN1Sequence.getInstance(PBES2Parameters.getInstance(encryption.getParameters())
                .getKeyDerivationFunc()
                .getParameters());
        BigInteger cost = ASN1Integer.getInstance(derivation.getObjectAt(1)).getPositiveValue();
        if (cost.compareTo(MAX_COST) > 0) {
            throw new CredentialException("It asks for " + cost + " rounds of key derivation, more than " + MAX_COST
                    + ". Encrypt it with fewer: openssl pkcs8 -topk8 -iter 600000 -in FILE");
        }
    }

    private static char[] required(@Nullable Supplier<char[]> password) {
        if (password == null) {
            throw new CredentialException("It is encrypted. Give its password, or decrypt it:"
                    + " openssl pkey -in encrypted.key -out plain.key");
        }
        return password.get();
    }

    private static CredentialException undecryptable(Exception cause) {
        return cause instanceof CredentialException known
                ? known
                : new CredentialException(
                        "It cannot be decrypted (" + cause.getMessage() + "). Check the password.", cause);
    }
}
