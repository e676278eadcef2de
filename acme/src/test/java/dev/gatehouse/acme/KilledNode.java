package dev.gatehouse.acme;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.ServerName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A node as a process of its own that can be killed. It reads names from standard input, and writes a line about each:
 * {@code served NAME FINGERPRINT} or {@code refused NAME REASON}.
 */
final class KilledNode {

    private KilledNode() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(Path.of(args[0])))
                .issuer(AcmeIssuer.directory(URI.create(args[1])).agreeToTermsOfService())
                .onDemand(ManagerFixture.unlimited(OnDemand.permittedBy(name -> true))
                        .burst(1_000, Duration.ofSeconds(1))
                        .waitAtMost(Duration.ofSeconds(60)))
                .leaseLength(Duration.ofSeconds(1))
                .listener(event -> {
                    if (event instanceof CertificateEvent.DamagedRecord damaged) {
                        out.println("damaged " + damaged.name() + " " + damaged.reason());
                    }
                })
                .build();
        HttpServer port80 = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port80.createContext(Http01Challenges.PATH, exchange -> {
            String token = exchange.getRequestURI().getPath().substring(Http01Challenges.PATH.length());
            byte[] body = manager.http01().keyAuthorization(token).orElse("").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        port80.start();
        out.println("port " + port80.getAddress().getPort());
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String name = names.readLine(); name != null; name = names.readLine()) {
            String asked = name;
            manager.resolve(ClientHello.of(ServerName.of(asked)))
                    .whenComplete((found, refused) -> out.println(
                            refused == null
                                    ? "served " + asked + " "
                                            + found.orElseThrow().fingerprint()
                                    : "refused " + asked + " " + refused.getMessage()));
        }
    }
}
