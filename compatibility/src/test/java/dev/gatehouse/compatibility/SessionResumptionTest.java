package dev.gatehouse.compatibility;

import static dev.gatehouse.compatibility.OpenSslClient.Outcome.NEW;
import static dev.gatehouse.compatibility.OpenSslClient.Outcome.REUSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.compatibility.OpenSslClient.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which sessions are resumed: some under the same name, none under another name. */
@Timeout(60)
class SessionResumptionTest {

    private static final String NO_TICKETS = "-no_ticket";

    @TempDir
    Path folder;

    static Stream<TlsStack> stacks() {
        return Arrays.stream(TlsStack.values());
    }

    static Stream<Arguments> stacksAndVersions() {
        return stacks().flatMap(stack -> TlsStack.VERSIONS.stream().map(version -> Arguments.of(stack, version)));
    }

    @ParameterizedTest
    @MethodSource("stacksAndVersions")
    void sessionIsNeverResumedUnderAnotherName(TlsStack stack, String version) throws Exception {
        try (TlsServer server = stack.start(Host.index())) {
            OpenSslClient client = client(server, version);
            assertThat(client.handshake(Host.APP.serverName())).isEqualTo(NEW);
            assertThat(client.handshake("other.example.com")).isEqualTo(NEW);
        }
    }

    /** In TLS 1.2 a session is found by its number, too. */
    @ParameterizedTest
    @MethodSource("stacks")
    void sessionThatTheServerKeepsIsNeverResumedUnderAnotherName(TlsStack stack) throws Exception {
        try (TlsServer server = stack.start(Host.index())) {
            OpenSslClient client = client(server, "TLSv1.2");
            assertThat(client.handshake(Host.APP.serverName(), NO_TICKETS)).isEqualTo(NEW);
            assertThat(client.handshake("other.example.com", NO_TICKETS)).isEqualTo(NEW);
        }
    }

    @ParameterizedTest
    @MethodSource("stacksAndVersions")
    void sessionIsResumedUnderItsNameWhereTheProviderCan(TlsStack stack, String version) throws Exception {
        try (TlsServer server = stack.start(Host.index())) {
            OpenSslClient client = client(server, version);
            assertThat(client.handshake(Host.APP.serverName())).isEqualTo(NEW);
            assertThat(client.handshake(Host.APP.serverName())).isEqualTo(expected(stack, version));
        }
    }

    private OpenSslClient client(TlsServer server, String version) throws IOException {
        Path session = Files.createTempFile(folder, "session", ".pem");
        Files.delete(session);
        return new OpenSslClient(server.port(), version, session);
    }

    /** The table. */
    private static Outcome expected(TlsStack stack, String version) {
        boolean isTls13 = version.equals("TLSv1.3");
        return switch (stack) {
            case SUN_ENGINE, SUN_SOCKET, SUN_GATE, CONSCRYPT_GATE, CONSCRYPT_SOCKET, NETTY_JDK_CONTEXT -> REUSED;
            // BouncyCastle has no resumption in TLS 1.3.
            case BOUNCYCASTLE_ENGINE, BOUNCYCASTLE_SOCKET, BOUNCYCASTLE_GATE -> isTls13 ? NEW : REUSED;
            // Conscrypt cannot keep names apart unless it knows them before it makes an engine.
            case CONSCRYPT_ENGINE -> NEW;
            case NETTY_JDK_KEY_MANAGER -> isTls13 ? REUSED : NEW;
            // The recipe makes a session id context for each connection.
            case NETTY_OPENSSL -> NEW;
        };
    }
}
