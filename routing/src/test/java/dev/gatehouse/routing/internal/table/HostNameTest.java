package dev.gatehouse.routing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com, example.com",
        "example.com., example.com",
        "example.com:80, example.com",
        "example.com.:443, example.com",
        "example.com:, example.com",
        "localhost, localhost",
        "app_1.internal, app_1.internal",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "b\u00fccher.example, xn--bcher-kva.example",
        "B\u00dcCHER.example, xn--bcher-kva.example",
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1:3000, 127.0.0.1",
        "[::1], [::1]",
        "[::1]:3000, [::1]",
        "[0:0:0:0:0:0:0:1], [::1]",
        "[2001:DB8:0:0:1:0:0:1], [2001:db8::1:0:0:1]",
        "[2001:db8:0:1:1:1:1:1], [2001:db8:0:1:1:1:1:1]",
        "[::], [::]",
        "[1::], [1::]",
        "[::ffff:1.2.3.4], [::ffff:102:304]"
    })
    void anAuthorityIsBroughtIntoOneForm(String authority, String expected) {
        assertThat(HostName.fromAuthority(authority)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".example.com",
                "example.com..",
                "exa mple.com",
                "example.com:x",
                "example.com:-1",
                "example.com:65536",
                "example.com:80:80",
                "user@example.com",
                "example.com/",
                "http://example.com",
                "*.example.com",
                "a\tb",
                "a\u0000b",
                "[::1",
                "::1",
                "[::1]x",
                "[::1%eth0]",
                "[127.0.0.1]",
                "[]",
                "[:::]",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "example.123",
                "a%2eb",
                "\uff41\u3002.com",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com"
            })
    void whatIsNotAHostIsRefused(String authority) {
        assertThat(HostName.fromAuthority(authority)).isNull();
    }

    @Test
    void aNameMayHave253Characters() {
        String longest = "a.".repeat(126) + "a";

        assertThat(HostName.fromAuthority(longest)).isEqualTo(longest);
        assertThat(HostName.fromAuthority("b" + longest)).isNull();
    }

    @Test
    void theLocaleOfTheSystemDoesNotMatter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(HostName.fromAuthority("MAIL.EXAMPLE.COM")).isEqualTo("mail.example.com");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aPatternIsAHostOrAWildcardForItsLeftMostLabel() {
        assertThat(HostPattern.parse("App.Example.com.")).hasToString("app.example.com");
        assertThat(HostPattern.parse("*.Example.com")).hasToString("*.example.com");
        assertThat(HostPattern.parse("[0::1]")).hasToString("[::1]");
    }

    @ParameterizedTest
    @CsvSource({
        "*, give it no host",
        "'', give it no host",
        "a.*.com, a star stands for one whole label",
        "*a.com, a star stands for one whole label",
        "https://a.com, no scheme and no path",
        "a.com:80, without a port",
        "*.1.2.3.4, a star stands for"
    })
    void aPatternThatIsNeitherIsRefusedWithARemedy(String text, String remedy) {
        assertThatThrownBy(() -> HostPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host \"" + text + "\": ")
                .hasMessageContaining(remedy);
    }
}
