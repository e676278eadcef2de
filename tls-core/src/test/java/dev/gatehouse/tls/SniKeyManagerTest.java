package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key manager answers outside of handshakes; {@link ServerTlsTest} has the handshakes. */
@Timeout(60)
class SniKeyManagerTest {

    private final SniKeyManager keyManager = SniKeyManager.using(hello -> {
        throw new AssertionError("The resolver was asked");
    });

    /** As JDK 25 asks while it checks a session ticket. */
    @Test
    void withoutAHandshakeSessionThereIsNoAnswerAndNobodyIsAsked() throws NoSuchAlgorithmException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();

        assertThat(keyManager.chooseEngineServerAlias("EC", null, engine)).isNull();
        assertThat(keyManager.chooseEngineServerAlias("EC", null, null)).isNull();
        assertThat(keyManager.chooseServerAlias("EC", null, null)).isNull();
    }

    @Test
    void unknownAliasesAndClientsGetNothing() {
        assertThat(keyManager.getPrivateKey("app.example.com#1")).isNull();
        assertThat(keyManager.getCertificateChain("app.example.com#1")).isNull();
        assertThat(keyManager.getServerAliases("EC", null)).isNull();
        assertThat(keyManager.getClientAliases("EC", null)).isNull();
        assertThat(keyManager.chooseClientAlias(new String[] {"EC"}, null, null))
                .isNull();
        assertThat(keyManager.chooseEngineClientAlias(new String[] {"EC"}, null, null))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "EC, EC",
        "RSA, RSA",
        "EdDSA, EDDSA",
        "EC/secp256r1, EC",
        "ECDHE_ECDSA, EC",
        "ECDHE_RSA, RSA",
        "DHE_RSA, RSA",
        "Ed25519, EDDSA",
        "Ed448, EDDSA"
    })
    void keyTypesOfAllProvidersAreUnderstood(String jsseKeyType, KeyType keyType) {
        assertThat(KeyType.ofJsse(jsseKeyType)).contains(keyType);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSASSA-PSS", "DSA", "DH_anon", "UNKNOWN"})
    void keyTypesThatNoCredentialHasAreNone(String jsseKeyType) {
        assertThat(KeyType.ofJsse(jsseKeyType)).isEmpty();
    }

    @Test
    void matcherThatNeverWaitsAcceptsNamesThatAreNotDecidedYet() {
        CompletableFuture<Optional<Credential>> undecided = new CompletableFuture<>();
        SNIMatcher matcher = SniKeyManager.using(hello -> undecided).sniMatcherThatNeverWaits();

        assertThat(matcher.matches(name("app.example.com"))).isTrue();
        undecided.complete(Optional.empty());
        assertThat(matcher.matches(name("app.example.com"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "-", " ", "app.example.com\0"})
    void bytesThatAreNoNameAreRefusedUnlessThePolicyServesThem(String bytes) {
        Credential fallback = Certificates.ec("fallback.example.com");
        CertificateResolver invalidNamesServed = hello ->
                CompletableFuture.completedFuture(hello.invalidServerName().map(reason -> fallback));

        assertThat(SniKeyManager.using(CertificateIndex.create()).sniMatcher().matches(name(bytes)))
                .isFalse();
        assertThat(SniKeyManager.using(invalidNamesServed).sniMatcher().matches(name(bytes)))
                .isTrue();
    }

    private static SNIServerName name(String text) {
        return new SNIServerName(StandardConstants.SNI_HOST_NAME, text.getBytes(StandardCharsets.UTF_8)) {};
    }
}
