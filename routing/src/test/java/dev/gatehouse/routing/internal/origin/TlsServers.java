package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Contexts for origins that know their clients. */
final class TlsServers {

    private TlsServers() {}

    /** Trusts the clients of a CA. */
    static SSLContext trusting(TestCa clients, CertificateMaterial material) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server", material.privateKey(), new char[0], material.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {clients.trustManager()}, null);
        return context;
    }
}
