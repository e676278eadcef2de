package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TlsGateTest {

    private final Credential app = Certificates.ec("app.example.com");
    private final CertificateIndex index = CertificateIndex.create();
    private final Queue<HandshakeRefused> refusals = new ConcurrentLinkedQueue<>();

    TlsGateTest() {
        index.add(app);
    }

    @Test
    void admitsANameThatHasACertificate() {
        TlsGate gate = ServerTls.using(index).gate("h2", "http/1.1");

        TlsAdmission.Granted granted = granted(gate, hello("app.example.com", "http/1.1", "h2"));

        assertThat(granted.serverName()).contains(ServerName.of("app.example.com"));
        assertThat(granted.applicationProtocol()).contains("h2");
        SSLEngine engine = granted.newEngine();
        assertThat(engine.getUseClientMode()).isFalse();
        assertThat(engine.getSSLParameters().getApplicationProtocols()).containsExactly("h2");
        assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(refusals).isEmpty();
    }

    @Test
    void clientWithoutApplicationProtocolsIsAdmittedWithNone() {
        TlsGate gate = ServerTls.using(index).gate("h2", "http/1.1");

        assertThat(granted(gate, hello("app.example.com")).applicationProtocol())
                .isEmpty();
    }

    @Test
    void unknownNameIsRefusedWithOneEvent() {
        TlsGate gate = ServerTls.builder(index).listener(refusals::add).build().gate();
        ClientHello hello = ClientHello.builder()
                .serverName(ServerName.of("stranger.test"))
                .clientAddress(InetAddress.getLoopbackAddress())
                .build();

        TlsAdmission.Refused refused = refused(gate, hello);

        assertThat(refused.alert()).isEqualTo(TlsAlert.UNRECOGNIZED_NAME);
        assertThat(refused.alert().record().array()).containsExactly(21, 3, 3, 0, 2, 2, 112);
        assertThat(refusals)
                .containsExactly(new HandshakeRefused(
                        Optional.of(ServerName.of("stranger.test")),
                        Optional.of(InetAddress.getLoopbackAddress()),
                        Optional.of(TlsAlert.UNRECOGNIZED_NAME),
                        "there is no certificate for it. Add one, or permit its issuance."));
    }

    @Test
    void aResolversReasonIsTheReasonOfTheRefusal() {
        TlsGate gate = ServerTls.builder(hello ->
                        CompletableFuture.failedFuture(new NoCertificateException("nobody permits it. Permit it.")))
                .listener(refusals::add)
                .build()
                .gate();

        TlsAdmission.Refused refused = refused(gate, hello("stranger.test"));

        assertThat(refused.alert()).isEqualTo(TlsAlert.UNRECOGNIZED_NAME);
        assertThat(refused.reason()).isEqualTo("nobody permits it. Permit it.");
        assertThat(refusals)
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("nobody permits it. Permit it."));
    }

    @Test
    void foreignApplicationProtocolIsRefused() {
        TlsGate gate = ServerTls.using(index).gate("h2", "http/1.1");

        assertThat(refused(gate, hello("app.example.com", "imap")).alert()).isEqualTo(TlsAlert.NO_APPLICATION_PROTOCOL);
    }

    @Test
    void waitEndsInTimeWithoutEndingTheWorkOfTheResolver() {
        CompletableFuture<Optional<Credential>> answer = new CompletableFuture<>();
        TlsGate gate = ServerTls.builder(hello -> answer)
                .maxWait(Duration.ofMillis(1))
                .build()
                .gate();

        TlsAdmission admission = gate.admit(hello("slow.example.com")).join();

        assertThat(((TlsAdmission.Refused) admission).reason()).startsWith("no certificate within");
        assertThat(answer).isNotDone();
        await().until(() -> gate.waitingConnections() == 0);
    }

    @Test
    void connectionsBeyondTheBoundAreRefusedAtOnce() {
        CompletableFuture<Optional<Credential>> answer = new CompletableFuture<>();
        TlsGate gate = ServerTls.builder(hello -> answer)
                .maxWaitingConnections(2)
                .build()
                .gate();
        CompletableFuture<TlsAdmission> first = gate.admit(hello("a.example.com"));
        CompletableFuture<TlsAdmission> second = gate.admit(hello("b.example.com"));

        assertThat(refused(gate, hello("c.example.com")).reason())
                .startsWith("2 others wait for a certificate already");
        assertThat(gate.waitingConnections()).isEqualTo(2);
        answer.complete(Optional.of(app));
        assertThat(first.join()).isInstanceOf(TlsAdmission.Granted.class);
        assertThat(second.join()).isInstanceOf(TlsAdmission.Granted.class);
        await().until(() -> gate.waitingConnections() == 0);
        assertThat(gate.admit(hello("c.example.com")).join()).isInstanceOf(TlsAdmission.Granted.class);
    }

    @Test
    void clientThatLeavesWhileWaitingFreesItsPlace() {
        CompletableFuture<Optional<Credential>> answer = new CompletableFuture<>();
        TlsGate gate = ServerTls.builder(hello -> answer)
                .listener(refusals::add)
                .maxWaitingConnections(1)
                .build()
                .gate();

        gate.admit(hello("a.example.com")).cancel(true);

        assertThat(gate.waitingConnections()).isZero();
        assertThat(answer).isNotDone();
        assertThat(refusals).isEmpty();
    }

    @Test
    void resolverThatFailsRefusesAndSaysWhy() {
        CertificateResolver throwing = hello -> {
            throw new IllegalStateException("no database");
        };
        CertificateResolver failing = hello -> CompletableFuture.failedFuture(new IOException("no network"));

        assertThat(refused(ServerTls.using(throwing).gate(), hello("app.example.com"))
                        .reason())
                .contains("no database");
        assertThat(refused(ServerTls.using(failing).gate(), hello("app.example.com"))
                        .reason())
                .contains("no network");
    }

    @Test
    void namesUnderDifferentPoliciesDoNotServeEachOthersHosts() {
        Credential wildcard = Certificates.ec("*.example.com");
        index.add(wildcard);
        TlsGate gate = ServerTls.builder(index)
                .policy(
                        "admin.example.com",
                        ConnectionPolicy.of(
                                TlsVersion.TLS_1_3, ClientAuthentication.required(List.of(Certificates.root()))))
                .policy("*.strict.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_3))
                .build()
                .gate();

        TlsAdmission.Granted shop = granted(gate, hello("shop.example.com"));
        TlsAdmission.Granted admin = granted(gate, hello("admin.example.com"));

        assertThat(shop.mayServe(ServerName.of("other.example.com"))).isTrue();
        assertThat(shop.mayServe(ServerName.of("admin.example.com"))).isFalse();
        assertThat(shop.mayServe(ServerName.of("a.strict.example.com"))).isFalse();
        assertThat(admin.mayServe(ServerName.of("admin.example.com"))).isTrue();
        assertThat(admin.mayServe(ServerName.of("shop.example.com"))).isFalse();
        assertThat(shop.newEngine().getNeedClientAuth()).isFalse();
        assertThat(admin.newEngine().getNeedClientAuth()).isTrue();
        assertThat(admin.newEngine().getEnabledProtocols()).containsExactly("TLSv1.3");
    }

    private static ClientHello hello(String name, String... applicationProtocols) {
        return ClientHello.builder()
                .serverName(ServerName.of(name))
                .applicationProtocols(List.of(applicationProtocols))
                .build();
    }

    private static TlsAdmission.Granted granted(TlsGate gate, ClientHello hello) {
        return (TlsAdmission.Granted) gate.admit(hello).join();
    }

    private static TlsAdmission.Refused refused(TlsGate gate, ClientHello hello) {
        return (TlsAdmission.Refused) gate.admit(hello).join();
    }
}
