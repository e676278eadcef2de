package dev.gatehouse.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.compatibility.RawTlsClient.Verifies;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of server name against every provider: {@link SentName} has the table of what is expected. */
@Timeout(60)
class ServerNameMatrixTest {

    private static TlsServers servers;

    @BeforeAll
    static void startServers() throws IOException {
        servers = TlsServers.start(Host.index());
    }

    @AfterAll
    static void stopServers() throws IOException {
        servers.close();
    }

    static Stream<Arguments> everyNameOnEveryStack() {
        return Arrays.stream(TlsStack.values())
                .flatMap(stack -> TlsStack.VERSIONS.stream()
                        .flatMap(version ->
                                Arrays.stream(SentName.values()).map(sent -> Arguments.of(stack, version, sent))));
    }

    @ParameterizedTest
    @MethodSource("everyNameOnEveryStack")
    void serverNameLeadsToItsCertificateOrToAnAlert(TlsStack stack, String version, SentName sent) throws IOException {
        Handshake handshake = servers.client(stack, version).handshake(sent.bytes(), Verifies.BOTH);

        assertThat(Expected.of(handshake)).as(handshake.detail()).isEqualTo(sent.expected(stack, version));
    }
}
