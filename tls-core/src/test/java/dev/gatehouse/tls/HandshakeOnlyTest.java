package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Handshakes for a protocol whose clients want to see a certificate and nothing else. */
class HandshakeOnlyTest {

    private static final String PROTOCOL = "acme-tls/1";

    private final Credential app = Certificates.ec("app.example.com");
    private final Credential proof = Certificates.ec("app.example.com");
    private final Credential fallback = Certificates.ec("fallback.example.com");
    private final CertificateIndex index = CertificateIndex.create();

    HandshakeOnlyTest() {
        index.add(app);
    }

    /** Proves control of one name. */
    private final class Proving implements CertificateResolver {

        private int gates;

        @Override
        public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
            if (!hello.isAcmeChallenge()) {
                return index.resolve(hello);
            }
            boolean open = hello.serverName()
                    .filter(ServerName.of("app.example.com")::equals)
                    .isPresent();
            return CompletableFuture.completedFuture(open ? Optional.of(proof) : Optional.empty());
        }

        @Override
        public Set<String> attachGate() {
            gates++;
            return Set.of(PROTOCOL);
        }
    }

    @Test
    void theProofIsShownForItsProtocolAloneAndTheConnectionEndsThen() {
        TlsGate gate = ServerTls.using(new Proving()).gate("h2", "http/1.1");

        TlsAdmission.Granted granted = granted(gate, "app.example.com", PROTOCOL);

        assertThat(granted.endsWithHandshake()).isTrue();
        assertThat(granted.applicationProtocol()).contains(PROTOCOL);
        assertThat(granted.mayServe(ServerName.of("app.example.com"))).isFalse();
        assertThat(granted.newEngine().getSSLParameters().getApplicationProtocols())
                .containsExactly(PROTOCOL);
    }

    @Test
    void aClientThatOffersMoreIsAUsualOne() {
        TlsGate gate = ServerTls.using(new Proving()).gate("h2", "http/1.1");

        TlsAdmission.Granted granted = granted(gate, "app.example.com", PROTOCOL, "http/1.1");

        assertThat(granted.endsWithHandshake()).isFalse();
        assertThat(granted.applicationProtocol()).contains("http/1.1");
    }

    @Test
    void noClientCertificateIsAskedForAndNoNewerVersionThanTheProtocolNeeds() {
        TlsGate gate = ServerTls.builder(new Proving())
                .minVersion(TlsVersion.TLS_1_3)
                .clientAuthentication(ClientAuthentication.required(List.of(Certificates.root())))
                .build()
                .gate("http/1.1");

        TlsAdmission.Granted granted = granted(gate, "app.example.com", PROTOCOL);

        assertThat(granted.newEngine().getNeedClientAuth()).isFalse();
        assertThat(granted.newEngine().getEnabledProtocols()).contains("TLSv1.2");
    }

    @Test
    void withoutAProofNeitherTheFallbackNorAWarningIsForThem() {
        Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        try {
            TlsGate gate = ServerTls.builder(new Proving())
                    .unmatchedServerName(ServerNamePolicy.serve(fallback))
                    .missingServerName(ServerNamePolicy.serve(fallback))
                    .build()
                    .gate("http/1.1");

            TlsAdmission.Refused refused = (TlsAdmission.Refused)
                    gate.admit(hello("unproven.example.com", PROTOCOL)).join();

            assertThat(refused.alert()).isEqualTo(TlsAlert.UNRECOGNIZED_NAME);
            assertThat(List.copyOf(lines.list).stream()
                            .filter(line -> line.getFormattedMessage().startsWith("unproven.example.com")))
                    .singleElement()
                    .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.DEBUG));
        } finally {
            logger.setLevel(before);
            logger.detachAppender(lines);
        }
    }

    @Test
    void aResolverWithoutSuchProtocolsRefusesThem() {
        TlsGate gate = ServerTls.using(index).gate("http/1.1");

        TlsAdmission.Refused refused = (TlsAdmission.Refused)
                gate.admit(hello("app.example.com", PROTOCOL)).join();

        assertThat(refused.alert()).isEqualTo(TlsAlert.NO_APPLICATION_PROTOCOL);
    }

    @Test
    void aResolverHearsOfEachGateAndOfNoContext() {
        Proving proving = new Proving();
        ServerTls tls = ServerTls.using(proving);

        tls.sslContext();
        assertThat(proving.gates).isZero();
        tls.gate();
        assertThat(proving.gates).isOne();
    }

    private static TlsAdmission.Granted granted(TlsGate gate, String name, String... protocols) {
        return (TlsAdmission.Granted) gate.admit(hello(name, protocols)).join();
    }

    private static ClientHello hello(String name, String... protocols) {
        return ClientHello.builder()
                .serverName(ServerName.of(name))
                .applicationProtocols(List.of(protocols))
                .build();
    }
}
