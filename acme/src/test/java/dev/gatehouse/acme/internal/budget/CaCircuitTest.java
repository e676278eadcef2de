package dev.gatehouse.acme.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.internal.budget.CaCircuit.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaCircuitTest {

    private final ManualClock clock = new ManualClock();
    private final CaCircuit circuit = new CaCircuit("https://ca.test/directory", clock, new Random(1));

    @Test
    void fiveFailuresInARowOpenIt() {
        fail(4);
        assertThat(circuit.admit()).isEmpty();
        assertThat(circuit.status().state()).isEqualTo(State.CLOSED);
        fail(1);

        assertThat(circuit.status().state()).isEqualTo(State.OPEN);
        assertThat(circuit.status().lastFailure()).contains("HTTP 500");
        assertThat(circuit.admit()).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason())
                    .isEqualTo("https://ca.test/directory does not work (5 failures in a row, the last one: HTTP 500)");
            assertThat(refusal.freesAt())
                    .isBetween(clock.instant().plusSeconds(24), clock.instant().plusSeconds(36));
        });
    }

    @Test
    void anAnswerInBetweenCountsFromTheStart() {
        fail(4);
        circuit.answered();
        fail(4);

        assertThat(circuit.admit()).isEmpty();
        assertThat(circuit.status().failures()).isEqualTo(4);
    }

    @Test
    void oneProbeIsLetThroughAndItsSuccessCloses() {
        fail(5);
        waitForProbe();

        assertThat(circuit.status().state()).isEqualTo(State.HALF_OPEN);
        assertThat(circuit.admit()).isEmpty();
        assertThat(circuit.admit()).isPresent();
        circuit.answered();

        assertThat(circuit.status().state()).isEqualTo(State.CLOSED);
        assertThat(circuit.admit()).isEmpty();
        assertThat(circuit.admit()).isEmpty();
    }

    @Test
    void eachProbeThatFailsDoublesThePauseUpToHalfAnHour() {
        fail(5);
        long[] seconds = {60, 120, 240, 480, 960, 1800, 1800};
        for (long expected : seconds) {
            waitForProbe();
            assertThat(circuit.admit()).isEmpty();
            fail(1);
            Duration pause =
                    Duration.between(clock.instant(), circuit.status().nextTry().orElseThrow());
            assertThat(pause).isBetween(Duration.ofMillis(expected * 800), Duration.ofMillis(expected * 1200));
        }
    }

    @Test
    void ordersThatWereUnderwayWhenItOpenedDoNotProlongIt() {
        fail(5);
        Instant until = circuit.status().nextTry().orElseThrow();
        fail(20);

        assertThat(circuit.status().nextTry()).contains(until);
    }

    @Test
    void aProbeThatNeverTellsIsGivenUp() {
        fail(5);
        waitForProbe();
        assertThat(circuit.admit()).isEmpty();

        clock.advance(Duration.ofMinutes(4));
        assertThat(circuit.admit()).isPresent();
        clock.advance(Duration.ofMinutes(1));
        assertThat(circuit.admit()).isEmpty();
    }

    @Test
    void aProbeThatWasNotUsedIsForTheNext() {
        fail(5);
        waitForProbe();
        assertThat(circuit.admit()).isEmpty();
        circuit.unused();

        assertThat(circuit.admit()).isEmpty();
    }

    private void waitForProbe() {
        clock.advance(
                Duration.between(clock.instant(), circuit.status().nextTry().orElseThrow()));
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed("HTTP 500");
        }
    }
}
