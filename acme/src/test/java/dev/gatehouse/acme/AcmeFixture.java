package dev.gatehouse.acme;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A certificate authority, and the port 80 that it fetches challenges from. */
final class AcmeFixture implements AutoCloseable {

    final AcmeTestServer acme;
    private final HttpServer port80;
    private volatile @Nullable Function<String, CompletionStage<Optional<String>>> answers;

    AcmeFixture() throws IOException {
        this(builder -> builder);
    }

    /** With an authority of a certain kind. */
    AcmeFixture(UnaryOperator<AcmeTestServerBuilder> kind) throws IOException {
        port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port80.setExecutor(Executors.newFixedThreadPool(4));
        port80.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            Function<String, CompletionStage<Optional<String>>> known = answers;
            byte[] body = (known == null
                            ? Optional.<String>empty()
                            : known.apply(token).toCompletableFuture().join())
                    .orElse("")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        port80.start();
        acme = kind.apply(AcmeTestServer.builder()
                        .http01Port(port80.getAddress().getPort())
                        .retryAfter(Duration.ZERO))
                .start();
    }

    /** Lets this manager answer the challenges from now on. */
    CertificateManager answering(CertificateManager manager) {
        answering(manager.http01());
        return manager;
    }

    /** Answers the challenges with these from now on. */
    void answering(Http01Challenges challenges) {
        answers = challenges::find;
    }

    /** Fails all challenges from now on. */
    void answeringNothing() {
        answers = null;
    }

    AcmeIssuer issuer() {
        return AcmeIssuer.directory(acme.directoryUri())
                .contact("ops@example.com")
                .agreeToTermsOfService();
    }

    @Override
    public void close() {
        port80.stop(0);
        ((ExecutorService) port80.getExecutor()).shutdownNow();
        acme.close();
    }
}
