package dev.gatehouse.examples.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.AcmeTestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Faults as they are written on the command line. */
@Timeout(60)
class FaultConverterTest {

    private static final Map<String, String> VALUES = Map.of(
            "=SECONDS", "=60s",
            "=STATUS:TYPE", "=403:rejectedIdentifier",
            "=DURATION", "=10ms",
            "=TYPE", "=caa",
            "=POLLS", "=2",
            "=NAME", "=other.test",
            "=START:END", "=-2h:-1h");

    private final FaultConverter converter = new FaultConverter();

    @ParameterizedTest
    @EnumSource
    void eachFaultIsMadeAndExplained(FaultName name) throws Exception {
        String form = name.form();
        String value = VALUES.getOrDefault(form.replaceAll("[\\[\\]]", ""), "");

        assertThat(converter.convert(name.text() + value)).isNotNull();
        assertThat(Files.readString(Path.of("../docs/acme-server.md"))).contains("| `" + name.text() + form + "` |");
        if (form.startsWith("=")) {
            assertThatThrownBy(() -> converter.convert(name.text()))
                    .hasMessage("'" + name.text() + "' lacks its value. Write " + name.text() + form + ".");
        }
    }

    @Test
    void aFaultMeetsTheResourceAsOftenAsItSays() throws Exception {
        try (AcmeTestServer server = AcmeTestServer.start()) {
            server.inject(converter.convert("problem=418:teapot@directory*2"));

            assertThat(status(server)).isEqualTo(418);
            assertThat(status(server)).isEqualTo(418);
            assertThat(status(server)).isEqualTo(200);

            server.inject(converter.convert("server-error@new-order*always"));
            assertThat(status(server)).isEqualTo(200);
            assertThat(server.pendingFaults()).isEqualTo(1);
        }
    }

    @Test
    void allResourcesAndNamesAreTaken() {
        assertThat(converter.convert("bad-nonce@revoke-certificate")).isNotNull();
        assertThat(converter.convert("invalid-order=caa@*.shop.test*3")).isNotNull();
        assertThat(converter.convert("wrong-name=other.test@shop.test*always")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bad-nonces | 'bad-nonces' is no fault. Did you mean 'bad-nonce'? The faults are bad-nonce, rate-limited,",
                "xyz | 'xyz' is no fault. The faults are",
                "bad-nonce=3 | 'bad-nonce' takes no value. Leave '=3' out.",
                "unavailable=soon | 'soon' is no value of 'unavailable' ('soon' is not a duration.",
                "delayed-by=0s | '0s' is no value of 'delayed-by' (delay: PT0S (expected: > 0)). Write delayed-by=DURATION.",
                "problem=403 | '403' is no value of 'problem'",
                "processing-for=x | 'x' is no value of 'processing-for'",
                "server-error@new-ordr | '@new-ordr' is no resource. Did you mean 'new-order'? The resources are directory,",
                "server-error*0 | '*0' does not say how often. Write a number, as in *3, or *always.",
                "server-error*often | '*often' does not say how often.",
            })
    void mistakesAreExplained(String text, String message) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*3", "@order", "=5"})
    void nothingIsNoFault(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'' is no fault.");
    }

    private static int status(AcmeTestServer server) throws Exception {
        URI directory = server.directoryUri();
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(directory).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
