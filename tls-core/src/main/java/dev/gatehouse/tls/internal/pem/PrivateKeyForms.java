package dev.gatehouse.tls.internal.pem;

import static dev.gatehouse.tls.internal.pem.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.pem.DerReader.NULL;
import static dev.gatehouse.tls.internal.pem.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.pem.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.pem.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings private keys of every form into one: PKCS #8 (RFC 5208), not encrypted. */
public final class PrivateKeyForms {

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    private static final int EC_PARAMETERS = 0xa0;

    private PrivateKeyForms() {}

    /**
     * Brings the private key of a section into PKCS #8.
     *
     * @param section a section that {@linkplain PemSection#isPrivateKey() is one}
     * @param password gives the password if the key is encrypted, or null if there is none
     * @return the key
     * @throws CredentialException if the key is malformed, or cannot be decrypted, or is of a form that is not known
     */
    public static byte[] pkcs8(PemSection section, @Nullable Supplier<char[]> password) {
        try {
            return switch (section.label()) {
                case "PRIVATE KEY" -> section.der();
                case "ENCRYPTED PRIVATE KEY" -> KeyDecryption.pkcs8(section.der(), password);
                case "RSA PRIVATE KEY" -> fromPkcs1(decrypted(section, password));
                case "EC PRIVATE KEY" -> fromSec1(decrypted(section, password));
                default ->
                    throw new CredentialException("This form is not known. Convert it:"
                            + (section.label().startsWith("OPENSSH")
                                    ? " ssh-keygen -p -m PKCS8 -f FILE"
                                    : " openssl pkcs8 -topk8 -nocrypt -in FILE"));
            };
        } catch (CredentialException unusable) {
            throw new CredentialException(
                    "Line " + section.line() + ": " + section.label() + " cannot be read. " + unusable.getMessage(),
                    unusable);
        }
    }

    /**
     * Makes a key for signing.
     *
     * @param pkcs8 the key, not encrypted
     * @return the key of the first provider that takes it
     * @throws CredentialException if the key is malformed, or no provider knows its curve
     */
    public static PrivateKey toPrivateKey(byte[] pkcs8) {
        byte[] oid = DerReader.of(pkcs8)
                .enter(SEQUENCE)
                .skip(INTEGER)
                .enter(SEQUENCE)
                .content(OBJECT_IDENTIFIER);
        String algorithm = KeyAlgorithm.of(oid).jcaName();
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException unusable) {
            throw new CredentialException(
                    "The private key (" + algorithm + ") is malformed, or on a curve that this JVM does not have: "
                            + unusable.getMessage() + ". Use an EC key on P-256 or an RSA key.",
                    unusable);
        }
    }

    private static byte[] decrypted(PemSection section, @Nullable Supplier<char[]> password) {
        String dekInfo = section.dekInfo();
        return dekInfo == null ? section.der() : KeyDecryption.traditional(section.der(), dekInfo, password);
    }

    private static byte[] fromPkcs1(byte[] rsaPrivateKey) {
        byte[] algorithm = DerWriter.element(
                SEQUENCE, DerWriter.element(OBJECT_IDENTIFIER, KeyAlgorithm.RSA.oid()), DerWriter.element(NULL));
        return wrap(algorithm, DerReader.of(rsaPrivateKey).element(SEQUENCE));
    }

    /** SEC 1, appendix C.4: the curve stands inside, where RFC 5915 calls it optional. */
    private static byte[] fromSec1(byte[] ecPrivateKey) {
        DerReader key = DerReader.of(ecPrivateKey).enter(SEQUENCE).skip(INTEGER).skip(OCTET_STRING);
        DerReader parameters = key.isAt(EC_PARAMETERS) ? key.enter(EC_PARAMETERS) : null;
        if (parameters == null || !parameters.isAt(OBJECT_IDENTIFIER)) {
            throw new CredentialException("It does not name its curve."
                    + " Make a key on P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
        }
        byte[] algorithm = DerWriter.element(
                SEQUENCE,
                DerWriter.element(OBJECT_IDENTIFIER, KeyAlgorithm.EC.oid()),
                parameters.element(OBJECT_IDENTIFIER));
        return wrap(algorithm, DerReader.of(ecPrivateKey).element(SEQUENCE));
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return DerWriter.element(SEQUENCE, VERSION_0, algorithm, DerWriter.element(OCTET_STRING, key));
    }
}
