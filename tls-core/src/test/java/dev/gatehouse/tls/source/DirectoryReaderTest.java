package dev.gatehouse.tls.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.source.Look.Reading;
import dev.gatehouse.tls.source.Look.Unchanged;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryReaderTest {

    @TempDir
    private Path folder;

    private final SteppingClock clock = new SteppingClock();

    @Test
    void scansRestNineTimesAsLongAsTheyTakeAndHintsAreHeardInBetween() {
        write("app");
        try (DirectoryReader reader = new DirectoryReader(folder, 0, new PemParser(null), clock)) {
            clock.step = Duration.ofMillis(200);
            assertThat(reader.look()).isInstanceOf(Reading.class);
            clock.step = Duration.ZERO;
            assertThat(reader.look()).isEqualTo(Unchanged.UNCHANGED);

            write("other");

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(reader.look())
                            .as("no scan is due, for the clock stands still")
                            .isInstanceOfSatisfying(
                                    Reading.class,
                                    reading -> assertThat(reading.found()).hasSize(2)));
        }
    }

    @Test
    void quickScansAreRepeatedAtEveryLook() {
        write("app");
        try (DirectoryReader reader = new DirectoryReader(folder, 0, new PemParser(null), clock)) {
            reader.look();
            write("other");

            assertThat(reader.look()).isInstanceOf(Reading.class);
        }
    }

    private void write(String name) {
        HeldCertificate pair = Pairs.of(name + ".example.com");
        Pairs.write(folder.resolve(name + ".pem"), Pairs.chain(pair) + Pairs.key(pair));
    }

    /** Each question for the time takes time, as if the disk were slow. */
    private static final class SteppingClock implements InstantSource {

        private Duration step = Duration.ZERO;
        private Instant now = Instant.now().plus(Duration.ofHours(1));

        @Override
        public Instant instant() {
            now = now.plus(step);
            return now;
        }
    }
}
