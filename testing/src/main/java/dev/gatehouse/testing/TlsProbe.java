package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.RecordingTrustManager;
import dev.gatehouse.testing.internal.probe.TappedSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client on the JDK's TLS that makes a handshake and tells what came of it.
 *
 * <pre>{@code
 * TlsProbe probe = TlsProbe.builder().serverName("app.example.com").trust(ca).build();
 * probe.probe(server.address()).requireCompleted().requireLeaf(credential.leaf());
 * }</pre>
 *
 * <p>The server name and the address have nothing to do with each other, so that any name can be asked for of a server on
 * this machine. The host name is checked (RFC 9525) when a server name is sent as a name and trust is anything but
 * {@link TlsProbeBuilder#trustEverything()}. Each probe opens a connection of its own; it resumes a session only with
 * {@link TlsProbeBuilder#resumeSessions()}. In TLS 1.3 a server judges the client's certificate after the client has
 * finished: a probe with {@link TlsProbeBuilder#clientCertificate} waits for this verdict, and takes silence for consent.
 *
 * <p>What the JDK's client does not send, or not on every version of the JDK, {@link HelloProbe} sends: names that are none,
 * several names, signature schemes on Java 17.
 *
 * <p>Safe for use by several threads. Immutable, but for the sessions that it resumes.
 */
public final class TlsProbe {
    private final ProbeSettings settings;
    private final RecordingTrustManager trust;
    private final @Nullable SSLContext kept;

    TlsProbe(ProbeSettings settings) {
        this.settings = settings;
        this.trust = new RecordingTrustManager(settings.trustManager());
        this.kept = settings.resumeSessions() && settings.context() == null ? newContext() : settings.context();
    }

    /** {@return a builder; server name and trust have to be chosen} */
    public static TlsProbeBuilder builder() {
        return new TlsProbeBuilder();
    }

    /**
     * Connects and makes one handshake.
     *
     * @param host name or address of the server; not what is sent as server name
     * @param port from 1 to 65535
     * @return the outcome, also of a handshake that failed or took too long
     * @throws IOException if no connection comes about, so that there was no handshake
     */
    public TlsProbeResult probe(String host, int port) throws IOException {
        return probe(new InetSocketAddress(host, Settings.port("port", port)));
    }

    /**
     * Connects and makes one handshake. Blocks, at most for the time-out to connect and once more for the handshake.
     *
     * @param server the address
     * @return the outcome, also of a handshake that failed or took too long
     * @throws IOException if no connection comes about, so that there was no handshake
     */
    public TlsProbeResult probe(InetSocketAddress server) throws IOException {
        trust.forget();
        try (TappedSocket plain = new TappedSocket()) {
            plain.connect(server, millis());
            plain.setSoTimeout(millis());
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                    plain::expire,
                    CompletableFuture.delayedExecutor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
            try {
                return handshake(plain, server);
            } catch (IOException e) {
                ProbeFailure failure = isLate(plain, e)
                        ? ProbeFailure.timedOut(timedOut(server, settings.timeout(), e))
                        : ProbeFailure.of(e, plain);
                plain.linger();
                return TlsProbeResult.failure(subject(server), trust.shown(), failure);
            } finally {
                deadline.cancel(false);
            }
        } finally {
            trust.forget();
        }
    }

    private TlsProbeResult handshake(TappedSocket plain, InetSocketAddress server) throws IOException {
        String host = settings.hostName() == null ? server.getHostString() : settings.hostName();
        SSLContext context = kept == null ? newContext() : kept;
        Instant start = Instant.now();
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, host, server.getPort(), false)) {
            socket.setSSLParameters(settings.apply(socket.getSSLParameters()));
            socket.startHandshake();
            SSLSession session = socket.getSession();
            TlsProbeResult result = TlsProbeResult.success(
                    subject(server),
                    certificates(session),
                    new TlsProbeResult.Agreement(
                            session.getProtocol(),
                            session.getCipherSuite(),
                            emptyToNull(socket.getApplicationProtocol()),
                            isResumed(session, start),
                            staples(session),
                            null,
                            false));
            if (session.getProtocol().equals("TLSv1.3")) {
                awaitTheRest(socket, plain);
            }
            return result;
        }
    }

    /** A handshake without a certificate of the server's; a foreign context does not tell, but keeps the time. */
    private boolean isResumed(SSLSession session, Instant start) {
        return settings.context() == null ? trust.shown().isEmpty() : session.getCreationTime() < start.toEpochMilli();
    }

    /**
     * Reads what TLS 1.3 sends after the handshake: the verdict on our certificate, and tickets. For this we end our half of
     * the connection; the server answers with its own end.
     */
    private void awaitTheRest(SSLSocket socket, TappedSocket plain) throws IOException {
        if (settings.clientCertificate() == null && !settings.resumeSessions()) {
            return;
        }
        try {
            socket.shutdownOutput();
            socket.getInputStream().skip(1);
        } catch (IOException e) {
            if (settings.clientCertificate() != null && !isLate(plain, e)) {
                throw e;
            }
        }
    }

    private SSLContext newContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            CertificateMaterial client = settings.clientCertificate();
            KeyManager[] keys = client == null ? new KeyManager[0] : new KeyManager[] {client.keyManager()};
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK cannot make a TLS context.", e);
        }
    }

    private static List<X509Certificate> certificates(SSLSession session) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : session.getPeerCertificates()) {
            chain.add((X509Certificate) certificate);
        }
        return chain;
    }

    private static List<OcspStaple> staples(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getStatusResponses().stream()
                        .filter(response -> response.length > 0)
                        .map(OcspStaple::of)
                        .toList()
                : List.of();
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private String subject(InetSocketAddress server) {
        return "TLS handshake with " + server + ' ' + settings.serverNameText();
    }

    static boolean isLate(TappedSocket socket, IOException failure) {
        return socket.isExpired() || failure instanceof SocketTimeoutException;
    }

    static SocketTimeoutException timedOut(InetSocketAddress server, Duration timeout, IOException cause) {
        SocketTimeoutException late = new SocketTimeoutException("The handshake with " + server + " did not end within "
                + timeout + ". Look at what the server waits for, or choose a longer timeout.");
        late.initCause(cause);
        return late;
    }

    private int millis() {
        return Math.toIntExact(Math.max(1, settings.timeout().toMillis()));
    }
}
