package dev.gatehouse.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.bouncycastle.tls.NamedGroup;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The post-quantum hybrid X25519MLKEM768 is chosen without any setting, where the provider has it. */
@Timeout(60)
class PostQuantumKeyExchangeTest {

    @ParameterizedTest
    @EnumSource(names = {"CONSCRYPT_ENGINE", "CONSCRYPT_GATE", "NETTY_OPENSSL"})
    void boringSslPrefersTheHybridWhateverTheOrderOfTheClient(TlsStack stack) throws IOException {
        try (TlsServer server = stack.start(Host.index())) {
            assertThat(KeyExchangeClient.negotiatedGroup(
                            server.port(), Host.APP.serverName(), NamedGroup.X25519MLKEM768, NamedGroup.x25519))
                    .isEqualTo(NamedGroup.X25519MLKEM768);
            assertThat(KeyExchangeClient.negotiatedGroup(
                            server.port(), Host.APP.serverName(), NamedGroup.x25519, NamedGroup.X25519MLKEM768))
                    .isEqualTo(NamedGroup.X25519MLKEM768);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUNCYCASTLE_ENGINE", "BOUNCYCASTLE_GATE"})
    void bouncyCastleTakesTheHybridFromClientsThatPreferIt(TlsStack stack) throws IOException {
        try (TlsServer server = stack.start(Host.index())) {
            assertThat(KeyExchangeClient.negotiatedGroup(
                            server.port(), Host.APP.serverName(), NamedGroup.X25519MLKEM768, NamedGroup.x25519))
                    .isEqualTo(NamedGroup.X25519MLKEM768);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "CONSCRYPT_ENGINE",
                "CONSCRYPT_GATE",
                "NETTY_OPENSSL",
                "BOUNCYCASTLE_GATE",
                "SUN_ENGINE",
                "SUN_GATE"
            })
    void clientsOfTodayGetTheUsualGroup(TlsStack stack) throws IOException {
        try (TlsServer server = stack.start(Host.index())) {
            assertThat(KeyExchangeClient.negotiatedGroup(server.port(), Host.APP.serverName(), NamedGroup.x25519))
                    .isEqualTo(NamedGroup.x25519);
        }
    }
}
