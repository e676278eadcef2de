package dev.gatehouse.acme.internal.order;

import dev.gatehouse.acme.internal.work.Daemons;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * The sessions with one ACME directory. A session sends one request at a time, so each order borrows one of its own, as many
 * as there are lanes; all share one HTTP client and what the directory said, and sessions that have a nonce are kept for the
 * next order.
 */
public final class Directory {

    private static final int MAX_IDLE = 48;
    private static final int HTTP_THREADS = 4;
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final URI uri;
    private final SharedProvider provider;
    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore idlePlaces = new Semaphore(MAX_IDLE);

    /** With trusted roots, only these are trusted; without, those of the JVM. */
    public Directory(URI uri, List<X509Certificate> trustedRoots) {
        this.uri = uri;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .executor(httpThreads())
                .followRedirects(HttpClient.Redirect.NORMAL);
        this.provider = new SharedProvider(
                trustedRoots.isEmpty()
                        ? builder.build()
                        : builder.sslContext(trusting(trustedRoots)).build());
    }

    /** The client's own pool would not be bounded. What runs on it does not block. */
    private static Executor httpThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                HTTP_THREADS,
                HTTP_THREADS,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Daemons.named("gatehouse-acme-http-"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    URI uri() {
        return uri;
    }

    /** The names by which the authority goes in CAA records. May block on its directory. */
    Set<String> caaIdentities() {
        Session session = borrow();
        try {
            return Set.copyOf(session.getMetadata().getCaaIdentities());
        } catch (AcmeException unreachable) {
            throw new CompletionException(unreachable);
        } finally {
            giveBack(session);
        }
    }

    Session borrow() {
        Session session = idle.poll();
        if (session != null) {
            idlePlaces.release();
            return session;
        }
        Session created = new Session(uri, provider);
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

    /** Gives all sessions one HTTP client and one copy of the directory, which is fetched again now and then. */
    private static final class SharedProvider extends GenericAcmeProvider {

        private static final long FRESH_NANOS = Duration.ofHours(1).toNanos();

        private final HttpClient client;
        private volatile @Nullable Fetched fetched;

        /**
         * The directory.
         *
         * @param directory what it said
         * @param nanoTime when
         */
        private record Fetched(JSON directory, long nanoTime) {}

        SharedProvider(HttpClient client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return client;
        }

        @Override
        public @Nullable JSON directory(Session session, URI serverUri) throws AcmeException {
            Fetched known = fetched;
            if (known != null && System.nanoTime() - known.nanoTime < FRESH_NANOS) {
                return known.directory;
            }
            JSON directory = super.directory(session, serverUri);
            if (directory != null) {
                fetched = new Fetched(directory, System.nanoTime());
            }
            return directory;
        }
    }
}
