package dev.gatehouse.routing.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes TLS contexts, and their parts, with the JDK's own provider. */
public final class ClientContexts {

    private static final char[] NO_PASSWORD = new char[0];

    private ClientContexts() {}

    /**
     * Makes a context that verifies origins.
     *
     * @param trusted whom to trust; null for whom the system trusts
     * @param keys the client's certificates; null for none
     * @return the context
     * @throws IllegalArgumentException if the certificates cannot be used
     */
    public static SSLContext verifying(@Nullable Collection<X509Certificate> trusted, @Nullable KeyManager keys) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted == null ? null : trustStore(trusted));
            X509ExtendedTrustManager chains = Stream.of(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the JDK has no trust manager for X.509"));
            return context(keys, new OriginTrust(chains));
        } catch (GeneralSecurityException | IOException unusable) {
            throw new IllegalArgumentException(
                    "trustedCertificates: cannot be used (" + unusable.getMessage() + "; check each of them)",
                    unusable);
        }
    }

    /**
     * Makes a context that accepts every origin.
     *
     * @param keys the client's certificates; null for none
     * @return the context
     */
    public static SSLContext acceptingAll(@Nullable KeyManager keys) {
        try {
            return context(keys, new NoVerification());
        } catch (GeneralSecurityException unsupported) {
            throw new IllegalStateException("the JDK has no TLS", unsupported);
        }
    }

    private static SSLContext context(@Nullable KeyManager keys, TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? new KeyManager[0] : new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        return context;
    }

    private static KeyStore trustStore(Collection<X509Certificate> trusted)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate certificate : trusted) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        return store;
    }

    /**
     * Makes what presents one certificate.
     *
     * @param key its private key
     * @param chain the certificate, then those of its issuers
     * @return the key manager
     * @throws IllegalArgumentException if they cannot be used
     */
    public static KeyManager keys(PrivateKey key, List<X509Certificate> chain) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers()[0];
        } catch (GeneralSecurityException | IOException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(
                    "clientCertificate: cannot be used (" + unusable.getMessage() + "; give the key and its chain)",
                    unusable);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
