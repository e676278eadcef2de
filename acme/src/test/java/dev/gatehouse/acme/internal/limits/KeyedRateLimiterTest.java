package dev.gatehouse.acme.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.RateLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyedRateLimiterTest {

    private final ManualClock clock = new ManualClock();
    private final KeyedRateLimiter<String> limiter =
            new KeyedRateLimiter<>(RateLimit.of(3, Duration.ofSeconds(6)), 100, clock);

    @Test
    void whatIsUsedComesBackOneByOne() {
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.next("a")).isEmpty();
            limiter.take("a");
        }
        assertThat(limiter.next("a")).contains(clock.instant().plusSeconds(2));
        assertThat(limiter.next("b")).isEmpty();

        clock.advance(Duration.ofSeconds(2));
        assertThat(limiter.next("a")).isEmpty();
        limiter.take("a");
        assertThat(limiter.next("a")).contains(clock.instant().plusSeconds(2));
    }

    @Test
    void whatIsGivenBackCanBeTaken() {
        for (int i = 0; i < 3; i++) {
            limiter.take("a");
        }
        limiter.giveBack("a");

        assertThat(limiter.next("a")).isEmpty();
    }

    @Test
    void aClockThatIsSetBackTakesNothingAway() {
        limiter.take("a");
        clock.advance(Duration.ofHours(-1));
        limiter.take("a");
        assertThat(limiter.next("a")).isEmpty();
        limiter.take("a");

        assertThat(limiter.next("a")).contains(clock.instant().plusSeconds(2));
    }

    @Test
    void askingLeavesNoTraceAndKeysThatHaveComeBackMakeRoom() {
        for (int i = 0; i < 1_000; i++) {
            limiter.next("asked" + i);
        }
        assertThat(limiter.size()).isZero();

        for (int i = 0; i < 100; i++) {
            limiter.take("old" + i);
        }
        clock.advance(Duration.ofSeconds(2));
        limiter.take("new");
        assertThat(limiter.size()).isEqualTo(1);
    }

    @Test
    void aFloodOfKeysEvictsThoseThatWouldComeBackSoonest() {
        for (int i = 0; i < 3; i++) {
            limiter.take("guilty");
        }
        for (int i = 0; i < 5_000; i++) {
            limiter.take("flood" + i);
        }

        assertThat(limiter.size()).isLessThanOrEqualTo(100);
        assertThat(limiter.next("guilty")).isPresent();
    }
}
