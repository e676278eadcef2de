package dev.gatehouse.testing;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.internal.acme.HttpListeners;
import dev.gatehouse.testing.internal.acme.wire.NamedThreads;
import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.RevocationSources;
import dev.gatehouse.testing.internal.revocation.OcspResponder;
import dev.gatehouse.testing.internal.revocation.ResponseSigner;
import dev.gatehouse.testing.internal.revocation.RevocationHttpHandler;
import dev.gatehouse.testing.internal.revocation.RevocationLists;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where clients ask whether a certificate of a {@link TestCa} was revoked: an OCSP responder (RFC 6960, by POST and GET,
 * with nonces) and the revocation lists of intermediate and root (RFC 5280), by HTTP on the loopback address.
 *
 * <pre>{@code
 * try (RevocationServer revocation = RevocationServer.start(ca)) {
 *     Credential credential = ca.leaf("app.example.com").revocation(revocation).issue();
 *     ca.revoke(credential.leaf(), CRLReason.KEY_COMPROMISE);
 *     ...
 * }
 * }</pre>
 *
 * <p>A certificate knows the addresses from the time it is issued, so the server is started first. Responses and lists are
 * made when they are asked for: a revocation is seen at once. A certificate that the CA has no record of is
 * {@code unknown} ({@link #forget}); a server that is out of order says so ({@link #setAvailable}).
 *
 * <p>A server on the JDK's TLS staples the responses when it runs with the system property
 * {@code jdk.tls.server.enableStatusRequestExtension=true}.
 *
 * <p>Safe for use by several threads. Certificates remain revoked when the server is closed.
 */
public final class RevocationServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationServer.class);
    private static final int THREADS = 4;
    private static final int QUEUED_REQUESTS = 1000;
    private static final String ROOT = "root";
    private static final String INTERMEDIATE = "intermediate";

    private final TestCa ca;
    private final HttpServer http;
    private final ThreadPoolExecutor requestThreads;
    private final RevocationHttpHandler handler;
    private final X509Certificate intermediateCertificate;

    private RevocationServer(Builder settings) {
        this.ca = settings.ca;
        InstantSource clock = settings.clock == null ? ca.clock() : settings.clock;
        Duration interval = settings.updateInterval == null ? Duration.ofHours(1) : settings.updateInterval;
        List<ResponseSigner> signers =
                List.of(signer(ca.intermediate(), settings.delegated), signer(ca.root(), settings.delegated));
        this.handler = new RevocationHttpHandler(
                new OcspResponder(signers, clock, interval),
                new RevocationLists(clock, interval),
                Map.of(ROOT, ca.root(), INTERMEDIATE, ca.intermediate()));
        this.http = HttpListeners.http(
                settings.address == null
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
                        : settings.address);
        this.intermediateCertificate = ca.intermediateCertificate(
                ca.intermediateValidity(), new RevocationSources(ocspUri(), uri(ROOT + ".crl"), uri(ROOT + ".cer")));
        this.requestThreads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED_REQUESTS),
                new NamedThreads("gatehouse-revocation-request"));
        requestThreads.allowCoreThreadTimeOut(true);
        http.setExecutor(requestThreads);
        http.createContext("/", handler);
        http.start();
        LOG.info("Revocation server started at {}", ocspUri());
    }

    private ResponseSigner signer(Issuer issuer, boolean delegated) {
        if (!delegated) {
            return ResponseSigner.itself(issuer);
        }
        KeyPair key = ca.keyAlgorithm().generateKeyPair();
        return ResponseSigner.delegated(
                issuer, key, issuer.issueOcspResponder(key.getPublic(), ca.intermediateValidity()));
    }

    /**
     * Starts a server on a free port of the loopback address, whose OCSP responses are signed by the issuers themselves.
     *
     * @param ca whose certificates it knows
     * @return a running server
     */
    public static RevocationServer start(TestCa ca) {
        return builder(ca).start();
    }

    /**
     * Starts the settings of another server.
     *
     * @param ca whose certificates it knows
     * @return a builder, which is not safe for use by several threads
     */
    public static Builder builder(TestCa ca) {
        return new Builder(Objects.requireNonNull(ca, "ca"));
    }

    /** {@return the address of the OCSP responder} */
    public URI ocspUri() {
        return URI.create(HttpListeners.baseUrl(http) + RevocationHttpHandler.OCSP);
    }

    /** {@return the address of the list of revoked leaves} */
    public URI crlUri() {
        return uri(INTERMEDIATE + ".crl");
    }

    /** {@return the address of the intermediate's certificate, where clients look that miss it in a chain} */
    public URI caIssuersUri() {
        return uri(INTERMEDIATE + ".cer");
    }

    /**
     * {@return the certificate of the CA's intermediate that tells where its state can be had} It has the same name and key as
     * {@link TestCa#intermediateCertificate()}, and is in the chains of {@link LeafBuilder#revocation}.
     */
    public X509Certificate intermediateCertificate() {
        return intermediateCertificate;
    }

    /** {@return how many OCSP requests have come until now} */
    public int ocspRequests() {
        return handler.ocspRequests();
    }

    /** {@return how often a revocation list was asked for until now} */
    public int crlRequests() {
        return handler.listRequests();
    }

    /**
     * Lets the server be out of order: OCSP requests are answered with {@code tryLater}, and those for lists with 503.
     *
     * @param available false to be out of order, true to be so no more
     */
    public void setAvailable(boolean available) {
        handler.setAvailable(available);
    }

    /**
     * Lets the CA lose its record of a certificate: OCSP requests for it are answered with {@code unknown}.
     *
     * @param certificate a certificate of the CA
     * @throws IllegalArgumentException if the CA did not issue it, or has forgotten it already
     */
    public void forget(X509Certificate certificate) {
        ca.issuerOf(certificate).issued().forget(certificate.getSerialNumber());
    }

    /** Stops the server and closes its port and its connections. */
    @Override
    public void close() {
        http.stop(0);
        requestThreads.shutdownNow();
    }

    TestCa ca() {
        return ca;
    }

    RevocationServer requireOf(TestCa issuer) {
        if (ca != issuer) {
            throw new IllegalArgumentException("The revocation server at " + ocspUri()
                    + " is another CA's. Start one with RevocationServer.start for this CA.");
        }
        return this;
    }

    private URI uri(String file) {
        return URI.create(HttpListeners.baseUrl(http) + '/' + file);
    }

    /** Settings of a {@link RevocationServer}. Each is made at most once. Not safe for use by several threads. */
    public static final class Builder {
        private final TestCa ca;
        private @Nullable InstantSource clock;
        private @Nullable Duration updateInterval;
        private @Nullable InetSocketAddress address;
        private boolean delegated;

        private Builder(TestCa ca) {
            this.ca = ca;
        }

        /**
         * Lets responders sign that hold certificates of the issuers for it, as most public CAs do (RFC 6960 section
         * 4.2.2.2); the default is that the issuers sign.
         *
         * @return this builder
         */
        public Builder delegated() {
            Settings.requireUnset("delegated", delegated ? true : null);
            delegated = true;
            return this;
        }

        /**
         * Sets how long responses and lists count; the default is an hour.
         *
         * @param newUpdateInterval from this update to the next, at least a second
         * @return this builder
         */
        public Builder updateInterval(Duration newUpdateInterval) {
            Settings.requireUnset("updateInterval", updateInterval);
            updateInterval = Settings.positive("updateInterval", newUpdateInterval);
            return this;
        }

        /**
         * Sets the clock that responses and lists are dated by; the default is that of the CA. One that is behind makes
         * outdated responses.
         *
         * @param newClock asked on several threads
         * @return this builder
         */
        public Builder clock(InstantSource newClock) {
            Settings.requireUnset("clock", clock);
            clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * Sets where the server listens; the default is a free port on the loopback address.
         *
         * @param newAddress address and port, 0 for a free port
         * @return this builder
         */
        public Builder listen(InetSocketAddress newAddress) {
            Settings.requireUnset("listen", address);
            address = Objects.requireNonNull(newAddress, "address");
            return this;
        }

        /**
         * Starts the server.
         *
         * @return a running server
         * @throws java.io.UncheckedIOException if it cannot listen there
         */
        public RevocationServer start() {
            return new RevocationServer(this);
        }
    }
}
