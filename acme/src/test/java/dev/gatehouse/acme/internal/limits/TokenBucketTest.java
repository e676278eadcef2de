package dev.gatehouse.acme.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private final ManualClock clock = new ManualClock();
    private final TokenBucket bucket = new TokenBucket(3, Duration.ofSeconds(6), clock);

    @Test
    void aBurstIsTakenAtOnceAndComesBackOneByOne() {
        for (int i = 0; i < 3; i++) {
            assertThat(bucket.takeOrNext()).isEmpty();
        }
        assertThat(bucket.takeOrNext()).contains(clock.instant().plusSeconds(2));

        clock.advance(Duration.ofSeconds(1));
        assertThat(bucket.takeOrNext()).contains(clock.instant().plusSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(bucket.takeOrNext()).isEmpty();
        assertThat(bucket.takeOrNext()).isPresent();
    }

    @Test
    void neverMoreThanTheBurstIsSavedUp() {
        clock.advance(Duration.ofDays(1));

        for (int i = 0; i < 3; i++) {
            assertThat(bucket.takeOrNext()).isEmpty();
        }
        assertThat(bucket.takeOrNext()).isPresent();
    }

    @Test
    void aClockThatIsSetBackTakesNothingAway() {
        assertThat(bucket.takeOrNext()).isEmpty();
        clock.advance(Duration.ofHours(-1));
        assertThat(bucket.takeOrNext()).isEmpty();
        assertThat(bucket.takeOrNext()).isEmpty();
        assertThat(bucket.takeOrNext()).isPresent();

        clock.advance(Duration.ofSeconds(2));
        assertThat(bucket.takeOrNext()).isEmpty();
    }
}
