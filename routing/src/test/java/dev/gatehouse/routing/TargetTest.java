package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:3000, 127.0.0.1:3000, HTTP_1_1, false",
        "App-1:8080, app-1:8080, HTTP_1_1, false",
        "app, app:80, HTTP_1_1, false",
        "[::1]:3000, [::1]:3000, HTTP_1_1, false",
        "[0:0::1], [::1]:80, HTTP_1_1, false",
        "b\u00fccher.example:1, xn--bcher-kva.example:1, HTTP_1_1, false",
        "http://app:8080, app:8080, HTTP_1_1, false",
        "HTTP://app, app:80, HTTP_1_1, false",
        "https://app, https://app:443, HTTP_1_1, true",
        "https://[::1]:8443, https://[::1]:8443, HTTP_1_1, true",
        "h2c://app:8080, h2c://app:8080, HTTP_2, false",
        "h2://app, h2://app:443, HTTP_2, true",
        "unix:/run/app.sock, unix:/run/app.sock, HTTP_1_1, false",
        "unix:/run/./x/../app.sock, unix:/run/app.sock, HTTP_1_1, false"
    })
    void aTargetIsReadAndReadsAsItsOwnText(String text, String expected, OriginProtocol protocol, boolean tls) {
        Target target = Target.of(text);

        assertThat(target)
                .hasToString(expected)
                .isEqualTo(Target.of(target.toString()))
                .hasSameHashCodeAs(Target.of(expected))
                .returns(protocol, Target::protocol);
        assertThat(target.tls()).isEqualTo(tls ? OriginTls.systemTrust() : null);
    }

    @ParameterizedTest
    @CsvSource({
        "app:, a number from 1 to 65535",
        "app:x, a number from 1 to 65535",
        "https://app:x, a number from 1 to 65535",
        "app:0, expected: 1 to 65535",
        "app:65536, expected: 1 to 65535",
        "::1:3000, in brackets",
        "[::1:3000, in brackets",
        "'', not a host name",
        "http://, not a host name",
        "https://:443, not a host name",
        "a b:1, not a host name",
        "1.2.3:80, not a host name",
        "http://app:80/, has a path (write http://app:80;",
        "https://app/base?x, has a path (write https://app;",
        "h2c://app?x, has a query (write h2c://app;",
        "h2://app#x, has a fragment (write h2://app;",
        "ftp://app, 'unknown scheme \"ftp\" (write host:port, http://, https://, h2c://, h2:// or unix:/path)'",
        "wss://app:1, write https://app:1",
        "ws://app:1, write http://app:1",
        "/run/app.sock, write unix:/run/app.sock",
        "unix:app.sock, write unix:/path/to/socket",
        "unix://run/app.sock, write unix:/path/to/socket",
        "unix:, write unix:/path/to/socket"
    })
    void whatIsNotATargetIsRefusedWithARemedy(String text, String remedy) {
        assertThatThrownBy(() -> Target.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target ")
                .hasMessageContaining(remedy);
    }

    @Test
    void aPasswordIsNotRepeatedInTheMessage() {
        assertThatThrownBy(() -> Target.of("https://user:secret@app:443"))
                .hasMessage("target https://...@app:443: has a user name (write https://app:443;"
                        + " a target gets the credentials of its clients only)")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anIpv6AddressNeedsNoBracketsWhereItStandsAlone() {
        assertThat(Target.of("::1", 80)).isEqualTo(Target.of("[::1]:80"));
    }

    @Test
    void aUnixSocketHasAPathThatSystemsAllow() {
        Target target = Target.ofUnixSocket(Path.of("/run/app.sock"));

        assertThat(target.socketPath()).isEqualTo(Path.of("/run/app.sock"));
        assertThat(target.host()).isEqualTo("localhost");
        assertThat(target.port()).isZero();
        assertThatThrownBy(() -> Target.of("unix:/" + "a".repeat(107)))
                .hasMessageContaining("a path of 108 bytes (expected: 107 at most");
        assertThatThrownBy(() -> Target.ofUnixSocket(Path.of("app.sock"))).hasMessageContaining("is relative");
    }

    @Test
    void targetsDifferInWhateverDistinguishesTheirConnections() {
        OriginTls other = OriginTls.builder().serverName("app.internal").build();

        assertThat(Target.of("app:443"))
                .isNotEqualTo(Target.of("https://app:443"))
                .isNotEqualTo(Target.of("h2c://app:443"))
                .isNotEqualTo(Target.of("app:80"));
        assertThat(Target.of("https://app")).isNotEqualTo(Target.of("h2://app"));
        assertThat(Target.of("https://app").withTls(other))
                .isNotEqualTo(Target.of("https://app"))
                .isEqualTo(Target.of("https://app")
                        .withTls(OriginTls.builder().serverName("APP.internal").build()))
                .returns(other, Target::tls);
    }

    @Test
    void settingsForTlsNeedATargetWithTls() {
        assertThatThrownBy(() -> Target.of("app:443").withTls(OriginTls.systemTrust()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target app:443: is reached in clear text, which settings for TLS do not change (write"
                        + " https:// or h2://)");
    }
}
