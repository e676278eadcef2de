package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ClientHelloReader.Progress;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hellos of real clients say. */
class ClientHelloRecordedTest {

    private static final int X25519 = 0x001d;
    private static final int SECP256R1 = 0x0017;
    private static final int X25519_MLKEM768 = 0x11ec;

    @Test
    void opensslOffersBothVersions() {
        ClientHello hello = read("openssl-default");

        assertThat(hello.serverName()).contains(ServerName.of("app.example.com"));
        assertThat(hello.supportedVersions()).containsExactly(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(hello.highestVersion()).contains(TlsVersion.TLS_1_3);
        assertThat(hello.applicationProtocols()).isEmpty();
        assertThat(hello.signatureAlgorithms())
                .startsWith("SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "Ed25519", "Ed448", "RSASSA-PSS")
                .contains("SHA256withRSA")
                .doesNotHaveDuplicates();
        assertThat(hello.cipherSuites().get(0)).isEqualTo(0x1302);
        assertThat(hello.cipherSuites().contains(0xc02f)).isTrue();
        assertThat(hello.cipherSuites().contains(0x0005)).isFalse();
        assertThat(hello.supportedGroups().contains(X25519)).isTrue();
        assertThat(hello.offersResumption()).isFalse();
    }

    @Test
    void theLegacyVersionCountsWithoutTheExtension() {
        assertThat(read("openssl-tls12").supportedVersions()).containsExactly(TlsVersion.TLS_1_2);
        assertThat(read("conscrypt-tls12").supportedVersions()).containsExactly(TlsVersion.TLS_1_2);
        assertThat(read("openssl-tls13").supportedVersions()).containsExactly(TlsVersion.TLS_1_3);
        assertThat(read("openssl-tls10").supportedVersions()).isEmpty();
        assertThat(read("openssl-tls10").highestVersion()).isEmpty();
        assertThat(read("openssl-tls10").supports(TlsVersion.TLS_1_2)).isFalse();
    }

    @Test
    void aMissingNameIsNotAnInvalidOne() {
        ClientHello missing = read("openssl-noservername");
        ClientHello invalid = read("openssl-invalid-servername");

        assertThat(missing.serverName()).isEmpty();
        assertThat(missing.invalidServerName()).isEmpty();
        assertThat(missing).hasToString("(no server name)");
        assertThat(invalid.serverName()).isEmpty();
        assertThat(invalid.invalidServerName()).contains(InvalidNameException.Reason.ILLEGAL_CHARACTER);
        assertThat(invalid).hasToString("(invalid server name)");
    }

    @Test
    void spellingsThatSniHostNameRefusesAreNames() {
        assertThat(read("openssl-underscore-trailing-dot")).hasToString("my_app.example.com");
    }

    @Test
    void applicationProtocolsKeepTheirOrder() {
        assertThat(read("openssl-alpn").applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(read("openssl-many-alpn").applicationProtocols())
                .containsExactlyElementsOf(IntStream.range(0, 250)
                        .mapToObj(i -> String.format("protocol-%03d", i))
                        .toList());
    }

    @Test
    void theValidationOfAnAcmeServerIsTold() {
        assertThat(read("openssl-acme-challenge").isAcmeChallenge()).isTrue();
        assertThat(read("openssl-alpn").isAcmeChallenge()).isFalse();
        assertThat(read("openssl-default").isAcmeChallenge()).isFalse();
    }

    @Test
    void listsThatWereOrderedAreInThatOrder() {
        assertThat(read("openssl-sigalgs").signatureSchemes()).isEqualTo(TlsCodePoints.of(0x0804, 0x0401));
        assertThat(read("openssl-sigalgs").signatureAlgorithms()).containsExactly("RSASSA-PSS", "SHA256withRSA");
        assertThat(read("openssl-groups").supportedGroups()).isEqualTo(TlsCodePoints.of(X25519, SECP256R1, 0x0018));
        assertThat(read("openssl-tls12-ecdsa-suites").cipherSuites()).isEqualTo(TlsCodePoints.of(0xc02b, 0x00ff));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome-131", "firefox-133", "conscrypt-default"})
    void hellosWithPostQuantumKeysTakeMoreThanOneSegment(String client) {
        ClientHello hello = read(client);

        assertThat(RecordedHello.of(client).bytes().length).isGreaterThan(1460);
        assertThat(hello).hasToString("app.example.com");
        assertThat(hello.supportedGroups().contains(X25519_MLKEM768)).isTrue();
        assertThat(hello.applicationProtocols()).containsExactly("h2", "http/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome-110", "chrome-131", "safari-17"})
    void reservedValuesAreLeftOut(String client) {
        ClientHello hello = read(client);

        assertThat(hello.cipherSuites().stream()).noneMatch(suite -> (suite & 0x0f0f) == 0x0a0a);
        assertThat(hello.supportedGroups().stream()).noneMatch(group -> (group & 0x0f0f) == 0x0a0a);
        assertThat(hello.cipherSuites().get(0)).isEqualTo(0x1301);
        assertThat(hello.supportedVersions()).containsExactly(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(hello).hasToString("app.example.com");
    }

    private static ClientHello read(String client) {
        ClientHelloReader reader = ClientHelloReader.create();
        assertThat(reader.read(ByteBuffer.wrap(RecordedHello.of(client).bytes())))
                .isEqualTo(Progress.COMPLETE);
        return reader.clientHello();
    }
}
