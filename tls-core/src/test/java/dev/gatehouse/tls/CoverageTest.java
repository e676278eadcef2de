package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageTest {

    private final Coverage coverage =
            Coverage.of(List.of("b.test", "*.z.test", "A.test", "a.test.", "*.y.test", "*.Z.test", "192.0.2.7"));

    @Test
    void eachNameIsThereOnceAndInOrder() {
        assertThat(coverage.exactNames())
                .containsExactly(ServerName.of("192.0.2.7"), ServerName.of("a.test"), ServerName.of("b.test"));
        assertThat(coverage.wildcardNames()).containsExactly(WildcardName.of("*.y.test"), WildcardName.of("*.z.test"));
        assertThat(coverage).hasToString("192.0.2.7, a.test, b.test, *.y.test, *.z.test");
    }

    @Test
    void exactNamesAndOneLabelBelowWildcardsAreCovered() {
        for (String covered : List.of("a.test", "b.test", "192.0.2.7", "x.y.test", "x.z.test")) {
            assertThat(coverage.covers(ServerName.of(covered))).as(covered).isTrue();
        }
        for (String other : List.of("c.test", "z.test", "a.b.test", "w.x.z.test", "192.0.2.8")) {
            assertThat(coverage.covers(ServerName.of(other))).as(other).isFalse();
        }
    }

    @Test
    void theOrderOfTheNamesDoesNotMatter() {
        Coverage same = Coverage.of(List.of("192.0.2.7", "*.y.test", "*.z.test", "b.test", "a.test"));

        assertThat(same).isEqualTo(coverage).hasSameHashCodeAs(coverage);
        assertThat(Coverage.of(List.of("a.test", "b.test"))).isNotEqualTo(coverage);
        assertThat(Coverage.of(List.of()).isEmpty()).isTrue();
        assertThat(coverage.isEmpty()).isFalse();
    }

    @Test
    void theSetsCannotBeChanged() {
        assertThatThrownBy(() -> coverage.exactNames().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> coverage.wildcardNames().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
