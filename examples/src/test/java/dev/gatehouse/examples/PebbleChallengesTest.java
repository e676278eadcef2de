package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateManagerBuilder;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.Http01Server;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.dns.PropagationCheck;
import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.WildcardName;
import dev.gatehouse.undertow.GatehouseUndertow;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each type of challenge, with Pebble as the certificate authority that validates it. */
@Timeout(120)
class PebbleChallengesTest {

    private final int http01Port = Pebble.freePort();
    private final int httpsPort = Pebble.freePort();
    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private Pebble pebble;

    @TempDir
    private Path folder;

    /** Orders a wildcard certificate for whatever name is asked for. */
    private record WildcardIssuer(Issuer issuer) implements Issuer {

        @Override
        public String identity() {
            return issuer.identity();
        }

        @Override
        public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
            WildcardName wildcard = WildcardName.of(
                    "*." + ((ServerName) request.subject()).parent().orElseThrow());
            return issuer.issue(IssuanceRequest.of(wildcard), context);
        }
    }

    @BeforeEach
    void start() throws IOException {
        pebble = Pebble.start(folder, http01Port, httpsPort);
    }

    @AfterEach
    void stop() {
        if (pebble != null) {
            pebble.close();
        }
    }

    /** Nothing listens on the port of HTTP-01, so the next type is tried. */
    @Test
    void tlsAlpn01InsideTheHttpsPortOfJettyWhenHttp01Fails() throws Exception {
        Server server = new Server();
        try (CertificateManager certificates = manager(issuer()).build()) {
            server.addConnector(GatehouseConnector.https(server, certificates, httpsPort));
            server.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                    Content.Sink.write(response, true, "page of Jetty", callback);
                    return true;
                }
            });
            server.start();

            assertThat(new HttpsVisitor(pebble.trust(), httpsPort)
                            .get("jetty.example.com", "/")
                            .body())
                    .isEqualTo("page of Jetty");

            assertThat(validatedBy()).containsExactly("tls-alpn-01");
            assertThat(pebble.orders()).isEqualTo(2);
        } finally {
            LifeCycle.stop(server);
        }
    }

    @Test
    void tlsAlpn01InsideTheHttpsPortOfUndertow() throws Exception {
        Undertow server = null;
        try (CertificateManager certificates =
                manager(issuer()).challenges(ChallengeType.TLS_ALPN_01).build()) {
            server = GatehouseUndertow.https(
                            Undertow.builder(),
                            certificates,
                            httpsPort,
                            "127.0.0.1",
                            exchange -> exchange.getResponseSender().send("page of Undertow"))
                    .build();
            server.start();

            assertThat(new HttpsVisitor(pebble.trust(), httpsPort)
                            .get("undertow.example.com", "/")
                            .body())
                    .isEqualTo("page of Undertow");

            assertThat(validatedBy()).containsExactly("tls-alpn-01");
            assertThat(pebble.orders()).isEqualTo(1);
        } finally {
            if (server != null) {
                server.stop();
            }
        }
    }

    @Test
    void http01ThroughAListenerOfItsOwn() throws Exception {
        try (CertificateManager certificates = manager(issuer()).build();
                Http01Server port80 = Http01Server.builder(certificates.http01())
                        .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), http01Port))
                        .redirectToHttps(443)
                        .start()) {
            assertThat(port80.port()).isEqualTo(http01Port);

            assertThat(issued(certificates, "plain.example.com").coverage().covers(ServerName.of("plain.example.com")))
                    .isTrue();

            assertThat(validatedBy()).containsExactly("http-01");
        }
    }

    @Test
    void dns01ForAWildcardName() throws Exception {
        Dns01 dns = Dns01.using(pebble.dnsProvider()).withoutFollowingAliases().propagation(PropagationCheck.none());
        try (CertificateManager certificates =
                manager(new WildcardIssuer(issuer())).dns01(dns).build()) {
            Credential wildcard = issued(certificates, "any.example.com");

            assertThat(wildcard.leaf().getSubjectAlternativeNames()).containsExactly(List.of(2, "*.example.com"));
            assertThat(events)
                    .contains(new CertificateEvent.ChallengeValidated(WildcardName.of("*.example.com"), "dns-01"));
        }
    }

    private static Credential issued(CertificateManager certificates, String name) throws Exception {
        return certificates
                .resolve(ClientHello.of(ServerName.of(name)))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .orElseThrow();
    }

    private List<String> validatedBy() {
        return events.stream()
                .filter(CertificateEvent.ChallengeValidated.class::isInstance)
                .map(event -> ((CertificateEvent.ChallengeValidated) event).challengeType())
                .toList();
    }

    private AcmeIssuer issuer() throws IOException {
        return AcmeIssuer.directory(URI.create(pebble.directory()))
                .agreeToTermsOfService()
                .trustedRoots(Pem.certificates(Files.readString(pebble.listenerRoot())));
    }

    private CertificateManagerBuilder manager(Issuer issuer) {
        return CertificateManager.builder()
                .storage(FileStorage.at(folder.resolve("state")))
                .issuer(issuer)
                .onDemand(OnDemand.permittedBy(name -> true).withoutPreflight())
                .listener(events::add);
    }
}
