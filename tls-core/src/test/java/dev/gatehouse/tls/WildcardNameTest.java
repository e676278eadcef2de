package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildcardNameTest {

    @ParameterizedTest
    @CsvSource({
        "app.example.com, true",
        "APP.example.com., true",
        "example.com, false",
        "api.app.example.com, false",
        "app.example.org, false",
        "badexample.com, false",
        "com, false",
    })
    void theStarStandsForExactlyOneLabel(String name, boolean covered) {
        assertThat(WildcardName.of("*.Example.com").covers(ServerName.of(name))).isEqualTo(covered);
        assertThat(Coverage.of(List.of("*.example.com")).covers(ServerName.of(name)))
                .isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "*.com",
                "*.*.example.com",
                "a.*.example.com",
                "w*.example.com",
                "example.com",
                "*.192.0.2.1"
            })
    void theStarIsTheWholeLeftMostLabelBeforeAtLeastTwo(String name) {
        assertThatThrownBy(() -> WildcardName.of(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining(name);
    }

    @Test
    void differentDepthsNeverAnswerForEachOther() {
        Coverage coverage = Coverage.of(List.of("*.a.example.com"));

        assertThat(coverage.covers(ServerName.of("x.a.example.com"))).isTrue();
        assertThat(coverage.covers(ServerName.of("a.example.com"))).isFalse();
        assertThat(coverage.covers(ServerName.of("x.example.com"))).isFalse();
        assertThat(coverage).hasToString("*.a.example.com");
    }
}
