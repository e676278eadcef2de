package dev.gatehouse.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.compatibility.RawTlsClient.Verifies;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes that wait for a certificate in Netty. */
@Timeout(60)
class NettyRecipeTest {

    private static final ServerName SLOW = ServerName.of(Host.BOTH_EC.serverName());

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(names = {"NETTY_JDK_CONTEXT", "NETTY_JDK_KEY_MANAGER", "NETTY_OPENSSL"})
    void handshakeThatWaitsDoesNotHoldTheEventLoop(TlsStack stack) throws Exception {
        CertificateIndex index = Host.index();
        CompletableFuture<Optional<Credential>> late = new CompletableFuture<>();
        CertificateResolver resolver =
                hello -> hello.serverName().filter(SLOW::equals).isPresent() ? late : index.resolve(hello);
        try (TlsServer server = stack.start(resolver)) {
            Future<Handshake> waiting = clients.submit(() -> handshake(server, SLOW.value()));
            await().until(() -> late.getNumberOfDependents() > 0);

            assertThat(Expected.of(handshake(server, Host.APP.serverName()))).isEqualTo(Expected.showing(Host.APP));

            assertThat(waiting).isNotDone();
            late.complete(index.select(ClientHello.of(SLOW)));
            assertThat(Expected.of(waiting.get())).isEqualTo(Expected.showing(Host.BOTH_EC));
        }
    }

    private static Handshake handshake(TlsServer server, String name) throws Exception {
        return new RawTlsClient(server.port(), "TLSv1.3")
                .handshake(name.getBytes(StandardCharsets.US_ASCII), Verifies.BOTH);
    }
}
