package dev.gatehouse.conformance.host;

import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the cases of the contract share: a host that is started when a case needs it, and everything closed after it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class ContractCases {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final RouterHost host;
    private final @Nullable TlsContexts tls;
    private @Nullable URI server;

    ContractCases(RouterHostConformance contract) {
        host = contract.newHost();
        tls = contract.tls();
        opened.push(host);
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    RouterHost host() {
        return host;
    }

    void serve(HttpHandler handler) throws Exception {
        server = tls == null ? host.start(handler) : host.startTls(handler, tls.server());
    }

    /** Serves a router of the given services. */
    void route(Service... services) throws Exception {
        serve(closedAfterwards(Router.builder().services(List.of(services)).build()));
    }

    @Nullable
    TlsContexts tls() {
        return tls;
    }

    URI server() {
        return Objects.requireNonNull(server, "nothing is served yet");
    }

    <T extends AutoCloseable> T closedAfterwards(T resource) {
        opened.push(resource);
        return resource;
    }

    RawClient connect() throws IOException {
        return closedAfterwards(RawClient.connect(server(), tls));
    }

    /** A client that takes in little before it stops the server from sending. */
    RawClient connectWithSmallWindow() throws IOException {
        return closedAfterwards(RawClient.connectWithSmallWindow(server(), tls));
    }

    TestOrigin origin(TestOrigin.Script script) throws IOException {
        return closedAfterwards(TestOrigin.running(script));
    }

    HttpClient http(HttpClient.Version version) {
        HttpClient.Builder client = HttpClient.newBuilder().version(version).connectTimeout(Duration.ofSeconds(10));
        return (tls == null ? client : client.sslContext(tls.client())).build();
    }

    /** The version that a client which prefers the given one gets to use: HTTP/2 takes TLS. */
    HttpClient.Version negotiated(HttpClient.Version preferred) {
        return tls == null ? HttpClient.Version.HTTP_1_1 : preferred;
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(server().resolve(target)).timeout(Duration.ofSeconds(30));
    }

    void forwardTo(TestOrigin origin) throws Exception {
        closedAfterwards(origin);
        route(Service.named("app").target(origin.address()).build());
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
