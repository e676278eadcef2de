package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.probe.HelloExchange;
import dev.gatehouse.testing.internal.probe.HelloOffer;
import dev.gatehouse.testing.internal.probe.ServerFlight;
import dev.gatehouse.testing.internal.probe.TappedSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends one ClientHello, with server names of any bytes, any versions and any signature schemes, and reads the server's first
 * flight: its version, its certificates, its ALPN, its stapled OCSP response. In TLS 1.3 it decrypts them. Then it hangs up.
 *
 * <pre>{@code
 * HelloProbe.builder().serverName("under_score.example.com.").build().probe(server.address())
 *         .requireAlert("unrecognized_name");
 * HelloProbe.builder().serverName("app.example.com").signatureSchemes(SignatureScheme.RSA_PSS_RSAE_SHA256).build()
 *         .probe(server.address())
 *         .requireLeaf(rsaCredential.leaf());
 * }</pre>
 *
 * <p>It is written for questions that the JDK's client does not ask, or only on later versions of it. It verifies nothing:
 * {@link TlsProbe} does. That a probe {@linkplain TlsProbeResult#succeeded() succeeded} means that the server sent its whole
 * flight. It offers key shares for X25519 and P-256.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class HelloProbe {
    private final HelloOffer offer;
    private final String asked;
    private final Duration timeout;

    HelloProbe(HelloOffer offer, String asked, Duration timeout) {
        this.offer = offer;
        this.asked = asked;
        this.timeout = timeout;
    }

    /** {@return a builder; the server name has to be chosen} */
    public static HelloProbeBuilder builder() {
        return new HelloProbeBuilder();
    }

    /**
     * Connects, and sends a ClientHello. Blocks, at most for the time-out to connect and once more for the answer.
     *
     * @param server the address
     * @return the outcome, also of an answer that breaks off
     * @throws IOException if no connection comes about
     */
    public TlsProbeResult probe(InetSocketAddress server) throws IOException {
        String subject = "ClientHello to " + server + ' ' + asked;
        ServerFlight flight = new ServerFlight();
        try (TappedSocket socket = new TappedSocket()) {
            int millis = Math.toIntExact(Math.max(1, timeout.toMillis()));
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                    socket::expire, CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
            try {
                new HelloExchange(offer, flight).run(socket);
                return TlsProbeResult.success(subject, flight.chain(), agreement(flight));
            } catch (IOException e) {
                boolean late = TlsProbe.isLate(socket, e);
                return TlsProbeResult.failure(
                        subject,
                        flight.chain(),
                        late
                                ? ProbeFailure.timedOut(TlsProbe.timedOut(server, timeout, e))
                                : ProbeFailure.of(e, socket));
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private static TlsProbeResult.Agreement agreement(ServerFlight flight) {
        return new TlsProbeResult.Agreement(
                CodePoints.version(flight.version()),
                CodePoints.cipherSuite(flight.cipherSuite()),
                flight.applicationProtocol(),
                false,
                flight.ocspResponses().stream().map(OcspStaple::of).toList(),
                CodePoints.signatureScheme(flight.signatureScheme()),
                flight.clientCertificateRequested());
    }
}
