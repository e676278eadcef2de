package dev.gatehouse.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Reads the trust anchors of the JVM. */
final class AuditAnchors {

    private AuditAnchors() {}

    static List<X509Certificate> ofJvm() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException unreadable) {
            throw new IllegalStateException(
                    "The trust store of the JVM cannot be read: " + unreadable.getMessage()
                            + ". Check javax.net.ssl.trustStore, or give the trust anchors.",
                    unreadable);
        }
    }
}
