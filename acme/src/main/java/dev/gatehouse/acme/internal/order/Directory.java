package dev.gatehouse.acme.internal.order;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * The sessions with one ACME directory. A session sends one request at a time, so each order borrows one of its own; all
 * share one HTTP client, and sessions that have fetched directory and nonce are kept for the next order.
 */
public final class Directory {

    private static final int MAX_IDLE = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final URI uri;
    private final HttpClient client;
    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore idlePlaces = new Semaphore(MAX_IDLE);

    /** With trusted roots, only these are trusted; without, those of the JVM. */
    public Directory(URI uri, List<X509Certificate> trustedRoots) {
        this.uri = uri;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NORMAL);
        this.client = trustedRoots.isEmpty()
                ? builder.build()
                : builder.sslContext(trusting(trustedRoots)).build();
    }

    URI uri() {
        return uri;
    }

    Session borrow() {
        Session session = idle.poll();
        if (session != null) {
            idlePlaces.release();
            return session;
        }
        Session created = new Session(uri, new SharedClientProvider(client));
        created.networkSettings().setTimeout(TIMEOUT);
        return created;
    }

    void giveBack(Session session) {
        if (idlePlaces.tryAcquire()) {
            idle.add(session);
        }
    }

    private static SSLContext trusting(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("root-" + i, roots.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException unusable) {
            throw new IllegalArgumentException("The trusted roots cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static final class SharedClientProvider extends GenericAcmeProvider {

        private final HttpClient client;

        SharedClientProvider(HttpClient client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return client;
        }
    }
}
