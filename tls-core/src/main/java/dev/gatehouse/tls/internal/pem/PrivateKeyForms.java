package dev.gatehouse.tls.internal.pem;

import static dev.gatehouse.tls.internal.der.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.der.DerReader.NULL;
import static dev.gatehouse.tls.internal.der.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.der.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.DerReader;
import dev.gatehouse.tls.internal.der.DerWriter;
import dev.gatehouse.tls.internal.der.EncodedPrivateKey;
import dev.gatehouse.tls.internal.der.KeyAlgorithm;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings private keys of every form into one: PKCS #8 (RFC 5208), not encrypted. */
public final class PrivateKeyForms {

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    private static final int EC_PARAMETERS = 0xa0;

    private PrivateKeyForms() {}

    /**
     * Reads the private key of a section. It may have to be {@linkplain EncodedPrivateKey#proven() proven} yet.
     *
     * @param section a section that {@linkplain PemSection#isPrivateKey() is one}
     * @param password gives the password if the key is encrypted, or null if there is none
     * @return the key
     * @throws CredentialException if the key is malformed, or cannot be decrypted, or is of a form that is not known
     */
    public static EncodedPrivateKey read(PemSection section, @Nullable Supplier<char[]> password) {
        try {
            return EncodedPrivateKey.believed(pkcs8(section, password));
        } catch (CredentialException unusable) {
            throw new CredentialException(
                    "Line " + section.line() + ": " + section.label() + " cannot be read. " + unusable.getMessage(),
                    unusable);
        }
    }

    private static byte[] pkcs8(PemSection section, @Nullable Supplier<char[]> password) {
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
