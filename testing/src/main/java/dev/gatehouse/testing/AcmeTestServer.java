package dev.gatehouse.testing;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.internal.acme.AcmeHttpHandler;
import dev.gatehouse.testing.internal.acme.AcmeService;
import dev.gatehouse.testing.internal.acme.AcmeSettings;
import dev.gatehouse.testing.internal.acme.HttpListeners;
import dev.gatehouse.testing.internal.acme.ServerClock;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.OrderView;
import dev.gatehouse.testing.internal.acme.state.SuggestedWindow;
import dev.gatehouse.testing.internal.acme.validation.ValidationPorts;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.NamedThreads;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ACME server (RFC 8555) inside the JVM of a test: no Docker, no ports of root, started in milliseconds. It is strict
 * where public CAs are strict (signatures, nonces, URLs, names, signing requests), it proves control by real connections,
 * and what it issues chains to a {@link TestCa}.
 *
 * <pre>{@code
 * try (AcmeTestServer acme = AcmeTestServer.start();
 *         MyAcmeClient client = MyAcmeClient.of(acme)) {
 *     client.obtain("shop.test");
 *
 *     assertThat(acme.requireOneOrder("shop.test").status()).isEqualTo(OrderStatus.VALID);
 *     assertThat(acme.issuedCertificates()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>The client is given the {@link #directoryUri()}, and trusts the {@link #rootCertificate()}.
 *
 * <p>Every name is looked for on this machine unless a {@link NameResolver} says otherwise, and HTTP-01 goes to the port
 * of {@link AcmeTestServerBuilder#http01Port(int)} in place of 80. A refused request and a failed validation leave one log line each,
 * under the name of this class, and their problem documents tell what to do.
 *
 * <p>{@link #inject} makes it misbehave, for tests of the paths that nobody walks on a good day, and
 * {@link AcmeTestServerBuilder#rateLimits} lets it have enough, as public CAs do. {@link #orders()} and {@link #exchanges()}
 * tell what happened; the {@code await} methods wait for it.
 *
 * <p>Safe for use by several threads. Everything is kept in memory and forgotten by {@link #close()}. It runs on the JDK's
 * {@code com.sun.net.httpserver} and sets the system properties {@code sun.net.httpserver.nodelay} and
 * {@code sun.net.httpserver.maxIdleConnections}, unless they are set: without them every response takes 40 ms longer, and
 * clients lose connections when there are more than 200.
 */
public final class AcmeTestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeTestServer.class);
    private static final int THREADS = 16;
    private static final int QUEUED_REQUESTS = 1000;

    private final TestCa ca;
    private final ServerClock clock;
    private final ValidationPorts ports;
    private final HttpServer http;
    private final ExecutorService requestThreads;
    private final AcmeService service;

    AcmeTestServer(AcmeSettings settings, ValidationPorts ports, InetSocketAddress address, boolean https) {
        this.ca = settings.ca();
        this.clock = settings.clock();
        this.ports = ports;
        this.http = https ? HttpListeners.https(address, ca) : HttpListeners.http(address);
        this.service = new AcmeService(settings, HttpListeners.urls(http));
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED_REQUESTS),
                new NamedThreads("gatehouse-acme-test-request"));
        threads.allowCoreThreadTimeOut(true);
        this.requestThreads = threads;
        http.setExecutor(requestThreads);
        http.createContext("/", new AcmeHttpHandler(service, requestThreads));
        http.start();
        LOG.info("ACME test server started at {}", directoryUri());
    }

    /**
     * Starts a server with the default settings: a new {@link TestCa}, a free port on the loopback address, HTTP-01 on
     * port 80.
     *
     * @return a running server
     */
    public static AcmeTestServer start() {
        return builder().start();
    }

    /** {@return a builder for a server with other settings} */
    public static AcmeTestServerBuilder builder() {
        return new AcmeTestServerBuilder();
    }

    /** {@return the URL of the directory, which ACME clients are given} */
    public URI directoryUri() {
        return service.urls().directory();
    }

    /** {@return the CA that signs the certificates; its root is what clients have to trust} */
    public TestCa ca() {
        return ca;
    }

    /** {@return the root certificate of the {@link #ca()}, which clients have to trust} */
    public X509Certificate rootCertificate() {
        return ca.rootCertificate();
    }

    /** {@return the present by the server's clock} */
    public Instant now() {
        return clock.instant();
    }

    /**
     * Puts the server's clock forward, also that of its CA unless it was given one: orders and authorizations expire,
     * certificates begin later, rate limits free up.
     *
     * @param by how far; back when it is negative
     */
    public void moveClock(Duration by) {
        clock.move(by);
        service.happenings().happened();
    }

    /** {@return every order as it stands now, oldest first; unmodifiable} */
    public List<AcmeOrder> orders() {
        return service.orders().all().stream().map(this::snapshot).toList();
    }

    /**
     * Finds the orders for a name.
     *
     * @param name a name, with its star if it is a wildcard name, or an IP address; lower case
     * @return the orders with this name among theirs, oldest first; unmodifiable
     */
    public List<AcmeOrder> orders(String name) {
        return orders().stream().filter(order -> order.names().contains(name)).toList();
    }

    /**
     * Insists on exactly one order for a name, whatever became of it.
     *
     * @param name a name, with its star if it is a wildcard name, or an IP address; lower case
     * @return this order
     * @throws AssertionError if there is none, or more than one; it tells every order there is
     */
    public AcmeOrder requireOneOrder(String name) {
        List<AcmeOrder> found = orders(name);
        if (found.size() != 1) {
            throw new AssertionError(
                    "There are " + found.size() + " orders for " + name + " instead of one. " + OrderList.of(orders()));
        }
        return found.get(0);
    }

    /**
     * Waits for an order. An order counts from the time when its status is reached, also if that was before the call; the
     * newest of several is returned.
     *
     * @param name a name among those of the order; lower case
     * @param status the status
     * @param timeout for how long, by the wall clock
     * @return the order
     * @throws TimeoutException if there is none in time; it tells every order there is
     * @throws InterruptedException if the thread is interrupted
     */
    public AcmeOrder awaitOrder(String name, OrderStatus status, Duration timeout)
            throws TimeoutException, InterruptedException {
        return service.happenings()
                .await(
                        () -> orders(name).stream()
                                .filter(order -> order.status() == status)
                                .reduce((earlier, later) -> later),
                        Settings.positive("timeout", timeout))
                .orElseThrow(() -> new TimeoutException("No order for " + name + " became " + status.token()
                        + " within " + timeout + ". " + OrderList.of(orders())));
    }

    /**
     * Waits for a certificate; one that was issued before the call will do.
     *
     * @param name a name among those of its order; lower case
     * @param timeout for how long, by the wall clock
     * @return the newest certificate for this name, without the intermediate
     * @throws TimeoutException if there is none in time; it tells every order there is
     * @throws InterruptedException if the thread is interrupted
     */
    public X509Certificate awaitCertificate(String name, Duration timeout)
            throws TimeoutException, InterruptedException {
        return Objects.requireNonNull(
                awaitOrder(name, OrderStatus.VALID, timeout).certificate());
    }

    /** {@return what was asked and answered, refused requests included, oldest first; at most the last 10,000} */
    public List<AcmeExchange> exchanges() {
        return service.exchanges().all();
    }

    /**
     * Finds what was asked of one kind of resource.
     *
     * @param resource the kind
     * @return the requests for it and their answers, oldest first; at most among the last 10,000 of all
     */
    public List<AcmeExchange> exchanges(AcmeResource resource) {
        return exchanges().stream()
                .filter(exchange -> exchange.resource() == resource)
                .toList();
    }

    /**
     * Waits for requests; those that were made before the call count, too.
     *
     * @param resource what they are for
     * @param count how many, 1 or more
     * @param timeout for how long, by the wall clock
     * @return the requests for it and their answers, oldest first; at least so many
     * @throws TimeoutException if there are fewer in time
     * @throws InterruptedException if the thread is interrupted
     */
    public List<AcmeExchange> awaitExchanges(AcmeResource resource, int count, Duration timeout)
            throws TimeoutException, InterruptedException {
        return service.happenings()
                .await(
                        () -> Optional.of(exchanges(resource)).filter(made -> made.size() >= count),
                        Settings.positive("timeout", timeout))
                .orElseThrow(() -> new TimeoutException(exchanges(resource).size() + " requests for " + resource
                        + " were made within " + timeout + ", not " + count + ". The last request was "
                        + last(exchanges())));
    }

    private static String last(List<AcmeExchange> exchanges) {
        return exchanges.isEmpty()
                ? "none: look at whether the client knows the directory URL."
                : exchanges.get(exchanges.size() - 1) + ".";
    }

    /** {@return every certificate that was issued, oldest first, without intermediates; unmodifiable} */
    public List<X509Certificate> issuedCertificates() {
        return service.certificates().all().stream()
                .map(IssuedCertificate::leaf)
                .toList();
    }

    /** {@return the certificates among them that were revoked; unmodifiable} */
    public List<X509Certificate> revokedCertificates() {
        return service.certificates().all().stream()
                .filter(certificate -> certificate.revoked() != null)
                .map(IssuedCertificate::leaf)
                .toList();
    }

    /** {@return what the server has done since it was started} */
    public AcmeStatistics statistics() {
        return new AcmeStatistics(
                service.counters().requests(),
                service.counters().refusedRequests(),
                service.accounts().size(),
                service.orders().all().size(),
                service.counters().validations(),
                service.counters().failedValidations(),
                service.certificates().all().size());
    }

    /**
     * Changes the port of HTTP-01, for tests that know the port of their web server only later. Validations that are
     * under way may still go to the earlier port.
     *
     * @param port from 1 to 65535, in place of 80
     */
    public void useHttp01Port(int port) {
        ports.useHttp(Settings.port("http01Port", port));
    }

    /**
     * Changes the port of TLS-ALPN-01 and of redirects to HTTPS. Validations that are under way may still go to the
     * earlier port.
     *
     * @param port from 1 to 65535, in place of 443
     */
    public void useTlsPort(int port) {
        ports.useTls(Settings.port("tlsPort", port));
    }

    /**
     * Lets a fault happen, behind those that were injected before and have not happened yet.
     *
     * @param fault what shall go wrong
     */
    public void inject(AcmeFault fault) {
        service.faults().add(fault.fault(), fault.times());
    }

    /** {@return how many injected faults have not yet met all the requests or orders that they are for} */
    public int pendingFaults() {
        return service.faults().size();
    }

    /** Gives up the injected faults that have not happened. */
    public void clearFaults() {
        service.faults().clear();
    }

    /** Loses every account, as a CA that was restored from nothing: their URLs and keys are unknown from now on. */
    public void forgetAccounts() {
        service.accounts().forget();
    }

    /**
     * Replaces the terms of service. Every account is refused new orders with {@code userActionRequired} (RFC 8555 section
     * 7.3.3) until somebody opens the page that the problem names as its {@code instance}, which counts as agreement.
     */
    public void changeTermsOfService() {
        service.agreements().change();
    }

    /**
     * Says when a certificate should be renewed (RFC 9773). Without it the window lies in the last third of the
     * certificate's life, and for a revoked certificate in the past.
     *
     * @param certificate a certificate of this server
     * @param start from when on
     * @param end until when, after the start
     * @throws IllegalArgumentException if this server did not issue it, or the end is not after the start
     */
    public void suggestRenewal(X509Certificate certificate, Instant start, Instant end) {
        suggest(certificate, new SuggestedWindow(start, end, null));
    }

    /**
     * Says when a certificate should be renewed, and where people can read why.
     *
     * @param certificate a certificate of this server
     * @param start from when on
     * @param end until when, after the start
     * @param explanation a page for people
     * @throws IllegalArgumentException if this server did not issue it, or the end is not after the start
     */
    public void suggestRenewal(X509Certificate certificate, Instant start, Instant end, URI explanation) {
        suggest(certificate, new SuggestedWindow(start, end, Objects.requireNonNull(explanation, "explanation")));
    }

    private void suggest(X509Certificate certificate, SuggestedWindow window) {
        if (!window.start().isBefore(window.end())) {
            throw new IllegalArgumentException("end: " + window.end() + " (expected: after " + window.start() + ")");
        }
        IssuedCertificate issued = service.certificates()
                .find(certificate)
                .orElseThrow(() -> new IllegalArgumentException("Certificate " + certificate.getSerialNumber()
                        + " was not issued by this server. Take one of issuedCertificates()."));
        service.certificates().suggest(issued.id(), window);
    }

    /** Stops the server: closes its port and its connections, and gives up the validations that are under way. */
    @Override
    public void close() {
        http.stop(0);
        requestThreads.shutdownNow();
        service.close();
    }

    private AcmeOrder snapshot(OrderView view) {
        return new AcmeOrder(
                URI.create(service.urls().of(Urls.ORDER, view.order().id())),
                URI.create(service.urls().account(view.order().accountId())),
                view.order().terms().identifiers().stream()
                        .map(Identifier::value)
                        .toList(),
                view.status(),
                view.order().expires(),
                view.error() == null ? null : view.error().detail(),
                view.order().terms().profile(),
                view.order().terms().replaces(),
                certificate(view));
    }

    private @Nullable X509Certificate certificate(OrderView view) {
        String id = view.order().certificateId();
        return id == null
                ? null
                : service.certificates().find(id).map(IssuedCertificate::leaf).orElse(null);
    }
}
