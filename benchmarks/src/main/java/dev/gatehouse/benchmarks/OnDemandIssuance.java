package dev.gatehouse.benchmarks;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How long the first visitor of a name waits: a whole TLS handshake, in which the certificate is ordered, proven, stored and
 * shown, one name after the other. Once at an ACME server in this process, which shares the processors; once at an issuer
 * that takes no time at all, so that what is left is our own.
 */
final class OnDemandIssuance {

    private static final int WARM_UP = 30;
    private static final int NAMES = 100;

    private OnDemandIssuance() {}

    static List<Result> measure(Path folder) throws IOException {
        long own = medianNanos(folder.resolve("own"), new InstantIssuer(), null);
        HttpServer port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port80.start();
        try (AcmeTestServer acme = AcmeTestServer.builder()
                .http01Port(port80.getAddress().getPort())
                .retryAfter(Duration.ZERO)
                .start()) {
            Issuer issuer = AcmeIssuer.directory(acme.directoryUri()).agreeToTermsOfService();
            long issued = medianNanos(folder.resolve("acme"), issuer, port80);
            return List.of(
                    Result.of(
                            "On demand, from the handshake to the page: median of " + NAMES
                                    + " new names at `AcmeTestServer` in the same process",
                            "< 250 ms",
                            "%.0f ms",
                            issued / 1e6),
                    Result.of(
                            "On demand, our own part of it: the same with an issuer that takes no time",
                            "< 150 ms",
                            "%.0f ms",
                            own / 1e6));
        } finally {
            port80.stop(0);
        }
    }

    private static long medianNanos(Path folder, Issuer issuer, @Nullable HttpServer port80) throws IOException {
        SSLContext client = Clients.trustingAll();
        try (CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(folder.resolve(String.valueOf(System.nanoTime()))))
                .issuer(issuer)
                .onDemand(OnDemand.permittedBy(name -> true)
                        .burst(1_000_000, Duration.ofSeconds(1))
                        .unlimitedPerRegistrableDomain()
                        .unlimitedNewNamesPerRegistrableDomain()
                        .withoutPreflight())
                .build()) {
            if (port80 != null) {
                answerChallenges(port80, manager);
            }
            SSLContext server = ServerTls.using(manager).sslContext();
            long[] nanos = new long[NAMES];
            for (int i = -WARM_UP; i < NAMES; i++) {
                long start = System.nanoTime();
                EngineHandshake.run(server, client, "tenant-" + (i + WARM_UP) + ".customers.example", "TLSv1.3");
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);
            return nanos[NAMES / 2];
        }
    }

    private static void answerChallenges(HttpServer port80, CertificateManager manager) {
        port80.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            byte[] body = manager.http01().keyAuthorization(token).orElse("").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
