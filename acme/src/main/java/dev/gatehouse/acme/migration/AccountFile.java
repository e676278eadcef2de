package dev.gatehouse.acme.migration;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.KeyType;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAKey;
import java.util.function.Function;

/** Reads the key of an account. */
final class AccountFile {

    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;

    private AccountFile() {}

    static KeyPair pem(SourceFolder folder, Path file) throws UnusableSourceException {
        return read(folder, file, KeyPairs::fromPem);
    }

    static KeyPair jwk(SourceFolder folder, Path file) throws UnusableSourceException {
        return read(folder, file, KeyPairs::fromJwk);
    }

    private static KeyPair read(SourceFolder folder, Path file, Function<String, KeyPair> format)
            throws UnusableSourceException {
        String text = folder.text(file);
        try {
            return usable(file, format.apply(text));
        } catch (CredentialException damaged) {
            throw new UnusableSourceException(
                    file, ImportOutcome.DAMAGED, damaged.getMessage() + " Without it, a new account will be made.");
        }
    }

    private static KeyPair usable(Path file, KeyPair pair) throws UnusableSourceException {
        boolean isEdwards = KeyType.of(pair.getPublic()) == KeyType.EDDSA;
        boolean isOddRsa = pair.getPublic() instanceof RSAKey rsa
                && (rsa.getModulus().bitLength() < MIN_RSA_BITS
                        || rsa.getModulus().bitLength() > MAX_RSA_BITS);
        if (isEdwards || isOddRsa) {
            throw new UnusableSourceException(
                    file,
                    ImportOutcome.DAMAGED,
                    "Authorities do not take such an account key (expected: EC, or RSA of " + MIN_RSA_BITS + " to "
                            + MAX_RSA_BITS + " bits). A new account will be made.");
        }
        return pair;
    }
}
