package dev.gatehouse.acme.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.MemoryStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.internal.limits.BackOff.Failing;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackOffTest {

    private static final ServerName NAME = ServerName.of("app.example.com");
    private static final RandomGenerator MIDDLE = new Middle();

    private final ManualClock clock = new ManualClock();
    private final MemoryStorage storage = new MemoryStorage();
    private final BackOff backOff = new BackOff(storage, clock, MIDDLE);

    /** No jitter. */
    private static final class Middle implements RandomGenerator {

        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public double nextDouble(double origin, double bound) {
            return (origin + bound) / 2;
        }
    }

    @Test
    void eachFailureInARowDoublesThePauseUpToSixHours() {
        long[] minutes = {1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360};
        for (int i = 0; i < minutes.length; i++) {
            Failing failing = backOff.failed(NAME, "no", Duration.ZERO);
            assertThat(failing.failures()).isEqualTo(i + 1);
            assertThat(failing.nextTry()).isEqualTo(clock.instant().plus(Duration.ofMinutes(minutes[i])));
            clock.advance(Duration.ofMinutes(minutes[i]));
        }
    }

    @Test
    void pausesDifferByAFifth() {
        long seed = 42;
        BackOff jittered = new BackOff(storage, clock, new Random(seed));

        for (int i = 0; i < 200; i++) {
            Failing failing = jittered.failed(ServerName.of("n" + i + ".test"), "no", Duration.ZERO);
            assertThat(Duration.between(clock.instant(), failing.nextTry()))
                    .as("seed %d", seed)
                    .isBetween(Duration.ofSeconds(48), Duration.ofSeconds(72));
        }
    }

    @Test
    void theAuthorityMayAskForALongerPause() {
        assertThat(backOff.failed(NAME, "slow down", Duration.ofHours(3)).nextTry())
                .isEqualTo(clock.instant().plus(Duration.ofHours(3)));
    }

    @Test
    void aRestartContinuesWhereItWas(@TempDir Path folder) throws IOException {
        try (FileStorage files = FileStorage.at(folder)) {
            BackOff before = new BackOff(files, clock, MIDDLE);
            before.failed(NAME, "first", Duration.ZERO);
            clock.advance(Duration.ofMinutes(2));
            before.failed(NAME, "the authority says\nno: ünknown", Duration.ZERO);
        }
        try (FileStorage files = FileStorage.at(folder)) {
            BackOff after = new BackOff(files, clock, MIDDLE);

            assertThat(after.remembered(NAME)).isEmpty();
            assertThat(after.find(NAME))
                    .contains(new Failing(
                            2, clock.instant().plus(Duration.ofMinutes(2)), "the authority says no: ünknown"));
            assertThat(after.remembered(NAME)).isPresent();
            assertThat(after.failed(NAME, "third", Duration.ZERO).failures()).isEqualTo(3);
        }
    }

    @Test
    void anotherNodesFailureIsSeen() {
        BackOff other = new BackOff(storage, clock, MIDDLE);
        backOff.failed(NAME, "mine", Duration.ZERO);
        clock.advance(Duration.ofMinutes(1));
        other.failed(NAME, "theirs", Duration.ZERO);

        assertThat(backOff.find(NAME))
                .hasValueSatisfying(failing -> assertThat(failing.lastError()).isEqualTo("theirs"));
    }

    @Test
    void successForgetsAndSoDoesADayWithoutTry() {
        backOff.failed(NAME, "no", Duration.ZERO);
        backOff.succeeded(NAME);
        assertThat(backOff.find(NAME)).isEmpty();
        assertThat(storage.records()).isEmpty();

        backOff.failed(NAME, "no", Duration.ZERO);
        clock.advance(Duration.ofDays(1).plusMinutes(2));
        assertThat(backOff.find(NAME)).isEmpty();
        assertThat(backOff.failed(NAME, "no", Duration.ZERO).failures()).isEqualTo(1);
        assertThat(storage.expiryOf(RecordKey.state("failing app.example.com")))
                .contains(clock.instant().plus(Duration.ofMinutes(1)).plus(Duration.ofDays(1)));
    }

    @Test
    void whileStorageFailsMemoryPauses() {
        storage.fail(true);

        backOff.failed(NAME, "no", Duration.ZERO);

        assertThat(backOff.remembered(NAME)).hasValueSatisfying(failing -> {
            assertThat(failing.isPausedAt(clock.instant())).isTrue();
            assertThat(failing.isPausedAt(clock.instant().plusSeconds(60))).isFalse();
        });
        assertThat(backOff.failed(NAME, "no", Duration.ZERO).failures()).isEqualTo(2);
    }

    @Test
    void aDamagedStateCountsAsNone() throws IOException {
        storage.write(RecordKey.state("failing app.example.com"), new byte[] {1, 2, '\n', 3}, 0);

        assertThat(backOff.find(NAME)).isEmpty();
        assertThat(backOff.failed(NAME, "no", Duration.ZERO).failures()).isEqualTo(1);
    }
}
