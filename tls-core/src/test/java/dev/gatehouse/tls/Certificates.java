package dev.gatehouse.tls;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import okhttp3.tls.HeldCertificate;

/** A certificate authority for the tests of this module. */
final class Certificates {

    static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .certificateAuthority(1)
            .commonName("root")
            .build();
    static final HeldCertificate INTERMEDIATE = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("intermediate")
            .signedBy(ROOT)
            .build();

    private Certificates() {}

    static Credential ec(String... names) {
        return credential(builder(names).ecdsa256().build());
    }

    static Credential rsa(String... names) {
        return credential(builder(names).rsa2048().build());
    }

    static Credential valid(Instant from, Duration life, String... names) {
        return credential(builder(names)
                .validityInterval(from.toEpochMilli(), from.plus(life).toEpochMilli())
                .build());
    }

    static HeldCertificate.Builder builder(String... names) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder().signedBy(INTERMEDIATE);
        for (String name : names) {
            builder.addSubjectAlternativeName(name);
        }
        return builder;
    }

    static Credential credential(HeldCertificate leaf) {
        return Credential.of(leaf.keyPair().getPrivate(), List.of(leaf.certificate(), INTERMEDIATE.certificate()));
    }

    static X509Certificate root() {
        return ROOT.certificate();
    }

    static KeyPair keyPair() {
        return new HeldCertificate.Builder().build().keyPair();
    }
}
