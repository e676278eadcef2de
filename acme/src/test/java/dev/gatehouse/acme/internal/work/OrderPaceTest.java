package dev.gatehouse.acme.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Some orders begin at once, a crowd one after the other. */
class OrderPaceTest {

    private static final int AT_ONCE = 32;

    private final ManualTime time = new ManualTime();
    private final OrderPace pace = new OrderPace(time, time, Runnable::run, 100);

    @Test
    void aCrowdBeginsEvenlyAfterTheFirstOnes() {
        List<CompletableFuture<Void>> turns = turns(AT_ONCE + 10);

        assertThat(done(turns)).isEqualTo(AT_ONCE);
        time.advance(Duration.ofMillis(10));
        assertThat(done(turns)).isEqualTo(AT_ONCE + 1);
        time.advance(Duration.ofMillis(90));
        assertThat(done(turns)).isEqualTo(AT_ONCE + 10);
    }

    @Test
    void whoComesMoreSlowlyNeverWaits() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pace.turn().toCompletableFuture()).isDone();
            time.advance(Duration.ofMillis(10));
        }
    }

    @Test
    void afterAPauseAsManyBeginAtOnceAsBefore() {
        turns(AT_ONCE);
        time.advance(Duration.ofSeconds(1));

        assertThat(done(turns(AT_ONCE + 1))).isEqualTo(AT_ONCE);
    }

    @Test
    void aClockThatIsSetBackHoldsNobodyUp() {
        AtomicReference<Instant> now = new AtomicReference<>(time.instant());
        OrderPace wandering = new OrderPace(now::get, time, Runnable::run, 100);
        for (int i = 0; i < AT_ONCE; i++) {
            wandering.turn();
        }
        now.set(time.instant().minus(Duration.ofHours(1)));

        assertThat(wandering.turn().toCompletableFuture()).isDone();
    }

    private List<CompletableFuture<Void>> turns(int count) {
        List<CompletableFuture<Void>> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            turns.add(pace.turn().toCompletableFuture());
        }
        return turns;
    }

    private static long done(List<CompletableFuture<Void>> turns) {
        return turns.stream().filter(CompletableFuture::isDone).count();
    }
}
