package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.InvalidNameException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com, example.com",
        "example.com., example.com",
        "my_app.example.com, my_app.example.com",
        "a--b.example.com, a--b.example.com",
        "BÜCHER.example, xn--bcher-kva.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "localhost, localhost",
        "1.example, 1.example",
        "192.0.2.1, 192.0.2.1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "[2001:db8::1], 2001:db8::1",
        "::, ::",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
    })
    void spellingsOfOneServerHaveOneValue(String spelling, String value) {
        assertThat(ServerName.of(spelling).value()).isEqualTo(value);
        assertThat(ServerName.of(spelling)).isEqualTo(ServerName.of(value)).hasSameHashCodeAs(ServerName.of(value));
    }

    @ParameterizedTest
    @CsvSource({
        "'', EMPTY",
        "., EMPTY",
        "a..b, EMPTY_LABEL",
        ".a, EMPTY_LABEL",
        "exa mple.com, ILLEGAL_CHARACTER",
        "example.com/path, ILLEGAL_CHARACTER",
        "*.example.com, MISPLACED_WILDCARD",
        "-a.example.com, HYPHEN_AT_EDGE",
        "a-.example.com, HYPHEN_AT_EDGE",
        "1.2.3, NUMERIC_TOP_LABEL",
        "256.1.1.1, NUMERIC_TOP_LABEL",
        "01.1.1.1, NUMERIC_TOP_LABEL",
        "1:2, MALFORMED_IP_ADDRESS",
        "[::1, MALFORMED_IP_ADDRESS",
        "fe80::1%eth0, MALFORMED_IP_ADDRESS",
    })
    void whatIsNoNameHasAReason(String text, Reason reason) {
        assertThatThrownBy(() -> ServerName.of(text))
                .isInstanceOfSatisfying(
                        InvalidNameException.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason))
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void lengthsAreLimitedAsInDns() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);

        assertThat(ServerName.of(longest).value()).hasSize(253);
        assertReason(longest + "a", Reason.TOO_LONG);
        assertReason("a".repeat(64) + ".com", Reason.LABEL_TOO_LONG);
    }

    @Test
    void controlCharactersDoNotReachTheMessage() {
        assertThatThrownBy(() -> ServerName.of("evil\r\nlog: line")).hasMessageContaining("evil??log: line");
    }

    @ParameterizedTest
    @CsvSource({
        "example.com:8443, example.com",
        "example.com, example.com",
        "EXAMPLE.com.:443, example.com",
        "[::1]:443, ::1",
        "[::1], ::1",
        "127.0.0.1:80, 127.0.0.1",
    })
    void hostFieldsLoseTheirPort(String authority, String value) {
        assertThat(ServerName.ofHost(authority).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"example.com:99999", "example.com:x", "example.com:-1"})
    void aPortThatIsNoneIsRefused(String authority) {
        assertThatThrownBy(() -> ServerName.ofHost(authority))
                .isInstanceOfSatisfying(
                        InvalidNameException.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(Reason.MALFORMED_PORT));
    }

    @Test
    void sniBytesMayEndInADotOrHaveAnUnderscore() {
        byte[] encoded = "My_App.Example.com.".getBytes(StandardCharsets.US_ASCII);

        assertThat(ServerName.ofSni(encoded)).isEqualTo(ServerName.of("my_app.example.com"));
    }

    /** Bytes that are in the normal form already are taken as they are; the outcome must be that of the long way. */
    @Test
    void sniBytesHaveTheOutcomeOfTheSameText() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        String alphabet = "ab09-_..*AZ:";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(9); length >= 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertSameOutcome(text.toString(), seed);
        }
        String label = "a".repeat(63);
        for (String edge : List.of("", label, label + "a", label + ".b", label + "a.b", "1." + label + "a")) {
            assertSameOutcome(edge, seed);
        }
        String long251 = label + "." + label + "." + label + "." + "a".repeat(59);
        for (String edge : List.of(long251, long251 + ".b", long251 + ".", long251 + "aa", long251 + "aaa")) {
            assertSameOutcome(edge, seed);
        }
    }

    private static void assertSameOutcome(String text, long seed) {
        byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(outcome(() -> ServerName.ofSni(encoded)))
                .as("seed %s, '%s'", seed, text)
                .isEqualTo(outcome(() -> ServerName.of(text)));
    }

    private static String outcome(Supplier<ServerName> reading) {
        try {
            ServerName name = reading.get();
            return name.value() + ' ' + name.isIpAddress();
        } catch (InvalidNameException invalid) {
            return String.valueOf(invalid.getMessage());
        }
    }

    @Test
    void addressesAreKeptApartFromHostNames() {
        assertThat(ServerName.of("192.0.2.1").isIpAddress()).isTrue();
        assertThat(ServerName.of("192.0.2.1").parent()).isEmpty();
        assertThat(ServerName.of("a.example.com").isIpAddress()).isFalse();
        assertThat(ServerName.of("a.example.com").parent()).contains(ServerName.of("example.com"));
    }

    private static void assertReason(String text, Reason reason) {
        assertThatThrownBy(() -> ServerName.of(text))
                .isInstanceOfSatisfying(
                        InvalidNameException.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason));
    }
}
