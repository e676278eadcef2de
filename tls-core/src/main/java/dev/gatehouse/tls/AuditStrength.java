package dev.gatehouse.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.Ed448PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** Says what is weak about a certificate's key and signature. Reads curves that JVMs have forgotten, too. */
final class AuditStrength {

    private static final int LEAST_RSA_BITS = 2048;
    private static final int LEAST_EC_BITS = 256;

    private AuditStrength() {}

    /** What is wrong with the public key, such as {@code a 1024 bit RSA key}. */
    static Optional<String> weakKey(X509Certificate certificate) {
        AsymmetricKeyParameter key;
        try {
            key = PublicKeyFactory.createKey(certificate.getPublicKey().getEncoded());
        } catch (IOException | RuntimeException unreadable) {
            return Optional.of("an unreadable " + certificate.getPublicKey().getAlgorithm() + " key");
        }
        if (key instanceof RSAKeyParameters rsa) {
            return below(LEAST_RSA_BITS, rsa.getModulus().bitLength(), "RSA");
        }
        if (key instanceof ECPublicKeyParameters ec) {
            return below(LEAST_EC_BITS, ec.getParameters().getCurve().getFieldSize(), "EC");
        }
        return key instanceof Ed25519PublicKeyParameters || key instanceof Ed448PublicKeyParameters
                ? Optional.empty()
                : Optional.of("a " + certificate.getPublicKey().getAlgorithm() + " key");
    }

    private static Optional<String> below(int least, int bits, String type) {
        return bits < least ? Optional.of("a " + bits + " bit " + type + " key") : Optional.empty();
    }

    /** The signature algorithm, if its hash is broken. */
    static Optional<String> weakSignature(X509Certificate certificate) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean weak = algorithm.startsWith("SHA1") || algorithm.startsWith("MD5") || algorithm.startsWith("MD2");
        return weak ? Optional.of(certificate.getSigAlgName()) : Optional.empty();
    }
}
