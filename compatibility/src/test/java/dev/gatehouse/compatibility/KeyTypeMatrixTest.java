package dev.gatehouse.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.compatibility.RawTlsClient.Verifies;
import dev.gatehouse.tls.CertificateIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hosts with each kind of key against clients that can verify each kind, on every provider. */
@Timeout(60)
class KeyTypeMatrixTest {

    private static final List<Host> HOSTS = List.of(Host.EC_ONLY, Host.RSA_ONLY, Host.BOTH_EC, Host.ED25519);

    /** Sockets ask a key manager what engines ask. */
    private static final List<TlsStack> STACKS = Arrays.stream(TlsStack.values())
            .filter(stack -> !stack.name().endsWith("_SOCKET"))
            .toList();

    private static final AtomicInteger questions = new AtomicInteger();
    private static TlsServers servers;

    @BeforeAll
    static void startServers() throws IOException {
        CertificateIndex index = Host.index();
        servers = TlsServers.start(hello -> {
            questions.incrementAndGet();
            return index.resolve(hello);
        });
    }

    @AfterAll
    static void stopServers() throws IOException {
        servers.close();
    }

    static Stream<Arguments> everyClientAndHostOnEveryProvider() {
        return STACKS.stream()
                .flatMap(stack -> TlsStack.VERSIONS.stream()
                        .flatMap(version -> HOSTS.stream()
                                .flatMap(host -> clientsOf(host)
                                        .map(verifies -> Arguments.of(stack, version, host, verifies)))));
    }

    private static Stream<Verifies> clientsOf(Host host) {
        return host == Host.ED25519 ? Stream.of(Verifies.BOTH, Verifies.ED25519) : Arrays.stream(Verifies.values());
    }

    @ParameterizedTest
    @MethodSource("everyClientAndHostOnEveryProvider")
    void clientGetsACertificateThatItCanVerify(TlsStack stack, String version, Host host, Verifies verifies)
            throws IOException {
        questions.set(0);

        Handshake handshake = servers.client(stack, version)
                .handshake(host.serverName().getBytes(StandardCharsets.US_ASCII), verifies);

        assertThat(Expected.of(handshake)).as(handshake.detail()).isEqualTo(expected(stack, version, host, verifies));
        assertThat(questions.get()).isBetween(1, mostQuestions(stack, version));
    }

    /** One of the matcher. Conscrypt forgets answers, and asks for two key types in each handshake. */
    private static int mostQuestions(TlsStack stack, String version) {
        if (stack.isGate()) {
            return 1;
        }
        if (stack.isConscrypt()) {
            return 5;
        }
        return version.equals("TLSv1.3") ? 2 : 3;
    }

    /** The table: the rule, and where a provider does not let a key manager keep it. */
    private static Expected expected(TlsStack stack, String version, Host host, Verifies verifies) {
        boolean isTls13 = version.equals("TLSv1.3");
        if (host == Host.ED25519) {
            return expectedOfEd25519(stack, isTls13, verifies);
        }
        if (host == Host.BOTH_EC && showsRsaIfItHasIt(stack, isTls13)) {
            return expectedOfRsaFirst(stack, verifies);
        }
        return expectedOf(host, verifies, isTls13);
    }

    private static Expected expectedOfRsaFirst(TlsStack stack, Verifies verifies) {
        return switch (verifies) {
            case ED25519 -> Expected.refusal(Alert.HANDSHAKE_FAILURE);
            // Conscrypt does not tell that the client cannot verify RSA.
            case EC -> stack.isConscrypt() ? Expected.refusal(Alert.HANDSHAKE_FAILURE) : Expected.showing(Host.BOTH_EC);
            default -> Expected.showing(Host.BOTH_RSA);
        };
    }

    private static boolean showsRsaIfItHasIt(TlsStack stack, boolean isTls13) {
        return stack == TlsStack.CONSCRYPT_ENGINE || stack == TlsStack.NETTY_OPENSSL && !isTls13;
    }

    private static Expected expectedOf(Host host, Verifies verifies, boolean isTls13) {
        boolean verifiesEc = switch (verifies) {
            case EC, BOTH -> true;
            case RSA_BY_SUITES_ONLY -> isTls13;
            default -> false;
        };
        boolean verifiesRsa = verifies != Verifies.EC && verifies != Verifies.ED25519;
        if (host != Host.RSA_ONLY && verifiesEc) {
            return Expected.showing(host);
        }
        if (host != Host.EC_ONLY && verifiesRsa) {
            return Expected.showing(host == Host.RSA_ONLY ? Host.RSA_ONLY : Host.BOTH_RSA);
        }
        return Expected.refusal(Alert.HANDSHAKE_FAILURE);
    }

    /** BouncyCastle cannot use such certificates as the JDK parses them, Conscrypt not at all, BoringSSL not in TLS 1.2. */
    private static Expected expectedOfEd25519(TlsStack stack, boolean isTls13, Verifies verifies) {
        boolean isUsable = stack.isJdk() || stack == TlsStack.NETTY_OPENSSL && isTls13;
        if (isUsable && verifies == Verifies.ED25519) {
            return Expected.showing(Host.ED25519);
        }
        if (stack.isGate() && verifies != Verifies.ED25519) {
            return Expected.refusal(Alert.HANDSHAKE_FAILURE);
        }
        boolean saysInternalError = stack == TlsStack.NETTY_OPENSSL || stack.isConscrypt() && isTls13;
        return Expected.refusal(saysInternalError ? Alert.INTERNAL_ERROR : Alert.HANDSHAKE_FAILURE);
    }
}
