package dev.gatehouse.routing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "'', /",
        "//, /",
        "api, /api",
        "/api/, /api",
        "//api//, /api",
        "/api/v2, /api/v2",
        "/caf%c3%a9, /caf%C3%A9",
        "/.well-known, /.well-known",
        "/@user, /@user"
    })
    void aPrefixHasOneSlashAtItsBeginningAndNoneAtItsEnd(String prefix, String expected) {
        assertThat(PathPrefix.normalize(prefix)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a b",
                "/a?b",
                "/a#b",
                "/caf\u00e9",
                "/a\\b",
                "/a//b",
                "/a/../b",
                "/./a",
                "/a%2Fb",
                "/%61",
                "/a;b"
            })
    void aPrefixThatRequestsCannotSafelyHaveIsRefused(String prefix) {
        assertThatThrownBy(() -> PathPrefix.normalize(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("path prefix " + prefix + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /x?y, /x?y",
        "/api, /api, /",
        "/api, /api/, /",
        "/api, /api?x, /?x",
        "/api, /api/a%2Fb?c=%20, /a%2Fb?c=%20",
        "/api/v2, /api/v2/x, /x"
    })
    void strippingKeepsTheRestAsItWasSent(String prefix, String target, String expected) {
        assertThat(PathPrefix.strip(prefix, target)).isEqualTo(expected);
    }
}
