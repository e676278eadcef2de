package dev.gatehouse.compatibility;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.Credential;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/** The credentials that the servers have. */
enum Host {
    APP("app.example.com", KeyAlgorithm.EC_P256),
    WILDCARD("*.example.com", KeyAlgorithm.EC_P256),
    UNDERSCORE("my_app.example.org", KeyAlgorithm.EC_P256),
    INTERNATIONAL("bücher.example.org", KeyAlgorithm.EC_P256),
    ADDRESS("192.0.2.7", KeyAlgorithm.EC_P256),
    EC_ONLY("ec.example.net", KeyAlgorithm.EC_P256),
    RSA_ONLY("rsa.example.net", KeyAlgorithm.RSA_2048),
    BOTH_EC("both.example.net", KeyAlgorithm.EC_P256),
    BOTH_RSA("both.example.net", KeyAlgorithm.RSA_2048),
    ED25519("ed25519.example.net", KeyAlgorithm.ED25519);

    private static final TestCa CA = TestCa.create();

    private final String serverName;
    private final KeyAlgorithm keyAlgorithm;

    Host(String serverName, KeyAlgorithm keyAlgorithm) {
        this.serverName = serverName;
        this.keyAlgorithm = keyAlgorithm;
    }

    String serverName() {
        return serverName;
    }

    static CertificateIndex index() {
        CertificateIndex index = CertificateIndex.create();
        Arrays.stream(values()).map(Host::credential).forEach(index::add);
        return index;
    }

    static Host of(X509Certificate leaf) {
        return Arrays.stream(values())
                .filter(host -> host.credential().leaf().equals(leaf))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The server has no such certificate: " + leaf));
    }

    private Credential credential() {
        return Credentials.OF_HOSTS[ordinal()];
    }

    private static final class Credentials {

        static final Credential[] OF_HOSTS = Arrays.stream(values())
                .map(host ->
                        CA.leaf(host.serverName).keyAlgorithm(host.keyAlgorithm).issue())
                .toArray(Credential[]::new);
    }
}
