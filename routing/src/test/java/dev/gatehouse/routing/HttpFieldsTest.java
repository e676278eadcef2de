package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFieldsTest {

    private static final HttpFields FIELDS =
            HttpFields.of("Accept", "text/html, */*", "X-Id", "1", "accept", "image/png,,", "Empty", "");

    @Test
    void namesAreComparedWithoutRegardToCase() {
        assertThat(FIELDS.get("ACCEPT")).isEqualTo("text/html, */*");
        assertThat(FIELDS.all("accept")).containsExactly("text/html, */*", "image/png,,");
        assertThat(FIELDS.contains("x-id")).isTrue();
        assertThat(FIELDS.get("Empty")).isEmpty();
        assertThat(FIELDS.get("missing")).isNull();
        assertThat(FIELDS.size()).isEqualTo(4);
    }

    @Test
    void listsAreSplitAtCommasOverAllLines() {
        assertThat(FIELDS.tokens("accept")).containsExactly("text/html", "*/*", "image/png");
        for (String token : FIELDS.tokens("accept")) {
            assertThat(FIELDS.containsToken("Accept", token.toUpperCase(java.util.Locale.ROOT)))
                    .isTrue();
        }
        assertThat(FIELDS.containsToken("Accept", "text")).isFalse();
        assertThat(FIELDS.containsToken("Accept", "html, */*")).isFalse();
        assertThat(HttpFields.of("Connection", " close".trim() + "\t, TE").containsToken("connection", "te"))
                .isTrue();
    }

    @Test
    void aBuilderChangesNothingThatWasBuiltBefore() {
        HttpFields.Builder builder = FIELDS.toBuilder();
        HttpFields before = builder.build();
        builder.set("X-Id", "2").remove("accept").addAll(HttpFields.of("More", "m"));

        assertThat(before).isEqualTo(FIELDS).hasSameHashCodeAs(FIELDS);
        assertThat(builder.build()).hasToString("[Empty: , X-Id: 2, More: m]");
        assertThat(builder.build()).isNotEqualTo(FIELDS);
    }

    @Test
    void aLengthIsOneNumberOrNone() {
        assertThat(FIELDS.contentLength()).isEmpty();
        assertThat(HttpFields.of("content-length", "042").contentLength()).hasValue(42);
        assertThat(HttpFields.of("Content-Length", "9".repeat(18)).contentLength())
                .hasValue(999_999_999_999_999_999L);
        assertThatThrownBy(() -> HttpFields.of("Content-Length", "1", "Content-Length", "1")
                        .contentLength())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Content-Length more than once");
        assertThatThrownBy(() -> HttpFields.of("Content-Length", "9".repeat(50)).contentLength())
                .hasMessage("Content-Length \"999999999999999999...\" is not a number");
    }

    @Test
    void manyFieldsFit() {
        HttpFields.Builder builder = HttpFields.builder();
        for (int i = 0; i < 100; i++) {
            builder.add("X-" + i, "v" + i);
        }

        assertThat(builder.build().get("x-99")).isEqualTo("v99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r", "\u00e9", "a\u0000", "(a)"})
    void aNameThatIsNoTokenIsRefused(String name) {
        assertThatThrownBy(() -> HttpFields.of(name, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field name: not a token (RFC 9110, section 5.6.2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "a\r\nX: y", "a\nb", "a\u0000b", "a\u007fb", "\u20ac"})
    void aValueThatWouldBreakTheMessageIsRefused(String value) {
        assertThatThrownBy(() -> HttpFields.of("X", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOddCountIsRefused() {
        assertThatThrownBy(() -> HttpFields.of("X")).hasMessageContaining("expected: name and value in turn");
    }
}
