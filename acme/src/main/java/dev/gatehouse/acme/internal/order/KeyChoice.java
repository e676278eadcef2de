package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.CertificateKey;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.tls.Credential;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;

/** Which key a certificate is ordered for. */
final class KeyChoice {

    private final AcmeSettings settings;

    KeyChoice(AcmeSettings settings) {
        this.settings = settings;
    }

    /** Says before the order what the authority would say after its validation. */
    void requireTaken(IssuanceRequest request) {
        request.key()
                .flatMap(wanted -> settings.known().filter(known -> !known.takes(wanted)))
                .ifPresent(known -> {
                    throw new IssuanceException(
                            known.title() + " takes no keys of the kind "
                                    + request.key().orElseThrow() + " at " + settings.directory() + ". Ask for one of "
                                    + known.keys() + ".",
                            null);
                });
    }

    /** The key of the certificate that is replaced, if that is wanted and of the right kind; else a new one. */
    KeyPair keyFor(IssuanceRequest request) {
        CertificateKey kind = request.key().orElseGet(settings::usualKey);
        return request.replaced()
                .filter(replaced -> settings.reusesKey())
                .filter(replaced -> kindOf(replaced).equals(Optional.of(kind)))
                .map(replaced -> new KeyPair(replaced.leaf().getPublicKey(), replaced.privateKey()))
                .orElseGet(kind::generate);
    }

    private static Optional<CertificateKey> kindOf(Credential credential) {
        PublicKey key = credential.leaf().getPublicKey();
        if (key instanceof RSAPublicKey rsa) {
            return switch (rsa.getModulus().bitLength()) {
                case 2048 -> Optional.of(CertificateKey.RSA_2048);
                case 4096 -> Optional.of(CertificateKey.RSA_4096);
                default -> Optional.empty();
            };
        }
        if (key instanceof ECPublicKey ec) {
            return switch (ec.getParams().getOrder().bitLength()) {
                case 256 -> Optional.of(CertificateKey.EC_P256);
                case 384 -> Optional.of(CertificateKey.EC_P384);
                default -> Optional.empty();
            };
        }
        boolean isEd25519 =
                key.getAlgorithm().equals("Ed25519") || key.getAlgorithm().equals("EdDSA");
        return isEd25519 ? Optional.of(CertificateKey.ED25519) : Optional.empty();
    }
}
