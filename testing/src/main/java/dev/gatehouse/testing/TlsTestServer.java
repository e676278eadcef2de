package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.acme.wire.NamedThreads;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS server on the loopback address, for tests of clients: it shows exactly what it is given, sound or broken, and tells
 * how clients took it. To every request it answers with {@code HTTP/1.1 200 OK} and a short text, so that any HTTP client can be
 * tested with it.
 *
 * <pre>{@code
 * try (TlsTestServer server = TlsTestServer.start(ca.broken("localhost").expired())) {
 *     assertThatThrownBy(() -> client.get(server.uri())).isInstanceOf(SSLHandshakeException.class);
 *     assertThat(server.awaitHandshake(Duration.ofSeconds(5)).completed()).isFalse();
 * }
 * }</pre>
 *
 * <p>{@link ClientHandshake#alert()} tells the alert by which a client refused. Some send none: {@code java.net.http.HttpClient}
 * just hangs up.
 *
 * <p>It serves up to 16 connections at a time, and each for at most 30 seconds. It staples OCSP responses for certificates of a
 * {@link RevocationServer} when the JVM runs with {@code -Djdk.tls.server.enableStatusRequestExtension=true}.
 *
 * <p>Safe for use by several threads.
 */
public final class TlsTestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsTestServer.class);
    private static final int THREADS = 16;
    private static final int WAITING = 100;
    private static final int LONGEST_CLOSE_MILLIS = 5_000;
    private static final int REMEMBERED = 1000;

    private final ServerSocket listener;
    private final ServedConnection connection;
    private final ThreadPoolExecutor connectionThreads;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Deque<ClientHandshake> handshakes = new ArrayDeque<>();
    private int awaited;

    private TlsTestServer(SSLContext context, @Nullable Consumer<SSLParameters> parameters) {
        this.connection = new ServedConnection(context, parameters, this::remember);
        this.connectionThreads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new NamedThreads("gatehouse-tls-test-connection"));
        connectionThreads.allowCoreThreadTimeOut(true);
        try {
            this.listener = new ServerSocket(0, WAITING, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("The TLS test server finds no free port on the loopback address.", e);
        }
        this.acceptor = new NamedThreads("gatehouse-tls-test-acceptor").newThread(this::accept);
        acceptor.start();
        LOG.info("TLS test server started at {}", uri());
    }

    /**
     * Starts a server that shows certificates exactly as they are.
     *
     * @param material the certificates and the key, such as {@link TestCa#broken} makes
     * @return a running server
     */
    public static TlsTestServer start(CertificateMaterial material) {
        return builder(material).start();
    }

    /**
     * Starts a server that shows a sound credential.
     *
     * @param credential such as {@link TestCa#issue} makes
     * @return a running server
     */
    public static TlsTestServer start(Credential credential) {
        return start(CertificateMaterial.of(credential));
    }

    /**
     * Starts a server with any context, such as one that chooses among certificates.
     *
     * @param context a server context
     * @return a running server
     */
    public static TlsTestServer start(SSLContext context) {
        return new TlsTestServer(Objects.requireNonNull(context, "context"), null);
    }

    /**
     * Begins the settings of a server.
     *
     * @param material the certificates and the key
     * @return a builder, which is not safe for use by several threads
     */
    public static Builder builder(CertificateMaterial material) {
        return new Builder(Objects.requireNonNull(material, "material"));
    }

    /** {@return the address it listens on} */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** {@return the port it listens on} */
    public int port() {
        return listener.getLocalPort();
    }

    /** {@return its URL by the name {@code localhost}, for certificates of this name} */
    public URI uri() {
        return URI.create("https://localhost:" + port() + '/');
    }

    /** {@return the last thousand handshakes, oldest first; unmodifiable} */
    public List<ClientHandshake> handshakes() {
        synchronized (handshakes) {
            return List.copyOf(handshakes);
        }
    }

    /**
     * Waits for a handshake to end, each call for the next one.
     *
     * @param timeout how long to wait at most
     * @return the first handshake that no earlier call returned
     * @throws TimeoutException if none ends in this time
     * @throws InterruptedException if the thread is interrupted
     */
    public ClientHandshake awaitHandshake(Duration timeout) throws TimeoutException, InterruptedException {
        long deadline =
                System.nanoTime() + Settings.positive("timeout", timeout).toNanos();
        synchronized (handshakes) {
            while (handshakes.size() <= awaited) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException("No client finished a handshake with " + uri() + " within " + timeout
                            + ". Look at whether it connects at all.");
                }
                handshakes.wait(left);
            }
            return List.copyOf(handshakes).get(awaited++);
        }
    }

    /** Closes the port and all connections. */
    @Override
    public void close() {
        closeQuietly(listener);
        connectionThreads.shutdownNow();
        open.forEach(TlsTestServer::closeQuietly);
        try {
            // The port is free when the thread that waits on it has left.
            acceptor.join(LONGEST_CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                serve(socket);
            } catch (SocketException closed) {
                LOG.debug("{} accepts no more connections: {}", uri(), closed.getMessage());
            } catch (IOException e) {
                LOG.warn("{} could not accept a connection: {}. It goes on.", uri(), e.toString());
            }
        }
    }

    private void serve(Socket socket) {
        try {
            connectionThreads.execute(() -> {
                try {
                    connection.serve(socket);
                } finally {
                    closeQuietly(socket);
                    open.remove(socket);
                }
            });
        } catch (RejectedExecutionException full) {
            LOG.warn("{} closes a connection: {} wait already. Use fewer connections.", uri(), WAITING);
            closeQuietly(socket);
            open.remove(socket);
        }
        if (listener.isClosed()) {
            closeQuietly(socket);
        }
    }

    private void remember(ClientHandshake handshake) {
        synchronized (handshakes) {
            if (handshakes.size() == REMEMBERED) {
                handshakes.removeFirst();
                awaited = Math.max(0, awaited - 1);
            }
            handshakes.addLast(handshake);
            handshakes.notifyAll();
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyGone) {
            LOG.debug("Closing: {}", alreadyGone.toString());
        }
    }

    /** Settings of a {@link TlsTestServer}. Each is made at most once. Not safe for use by several threads. */
    public static final class Builder {
        private final CertificateMaterial material;
        private @Nullable TestCa clientCa;
        private @Nullable List<String> protocols;
        private @Nullable List<String> applicationProtocols;
        private @Nullable Consumer<SSLParameters> parameters;

        private Builder(CertificateMaterial material) {
            this.material = material;
        }

        /**
         * Requires a certificate of clients; the default asks for none.
         *
         * @param ca who has to have issued it
         * @return this builder
         */
        public Builder requireClientCertificate(TestCa ca) {
            Settings.requireUnset("requireClientCertificate", clientCa);
            clientCa = Objects.requireNonNull(ca, "ca");
            return this;
        }

        /**
         * Chooses the versions; the default is the JDK's.
         *
         * @param names JSSE names, such as {@code TLSv1.2}
         * @return this builder
         */
        public Builder protocols(String... names) {
            Settings.requireUnset("protocols", protocols);
            protocols = List.of(names);
            return this;
        }

        /**
         * Chooses the protocols of ALPN; the default takes no part in it.
         *
         * @param names such as {@code http/1.1}, best first
         * @return this builder
         */
        public Builder applicationProtocols(String... names) {
            Settings.requireUnset("applicationProtocols", applicationProtocols);
            applicationProtocols = List.of(names);
            return this;
        }

        /**
         * Changes whatever else JSSE lets one change, after the other settings.
         *
         * @param change is given the parameters of each connection, on several threads
         * @return this builder
         */
        public Builder parameters(Consumer<SSLParameters> change) {
            Settings.requireUnset("parameters", parameters);
            parameters = Objects.requireNonNull(change, "change");
            return this;
        }

        /**
         * Starts the server.
         *
         * @return a running server on a free port
         */
        public TlsTestServer start() {
            return new TlsTestServer(context(), this::apply);
        }

        private SSLContext context() {
            if (clientCa == null) {
                return material.sslContext();
            }
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(
                        new KeyManager[] {material.keyManager()}, new TrustManager[] {clientCa.trustManager()}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This JDK cannot make a TLS context.", e);
            }
        }

        private void apply(SSLParameters target) {
            if (clientCa != null) {
                target.setNeedClientAuth(true);
            }
            if (protocols != null) {
                target.setProtocols(protocols.toArray(String[]::new));
            }
            if (applicationProtocols != null) {
                target.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
            }
            if (parameters != null) {
                parameters.accept(target);
            }
        }
    }
}
