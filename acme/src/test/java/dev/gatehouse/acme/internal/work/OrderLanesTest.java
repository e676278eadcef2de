package dev.gatehouse.acme.internal.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ManualTime;
import dev.gatehouse.acme.internal.work.OrderLanes.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class OrderLanesTest {

    private final ManualTime time = new ManualTime();
    private final OrderLanes lanes = new OrderLanes(
            Map.of(Lane.FRESH, 2, Lane.FAILING, 1), Runnable::run, () -> new OrderPace(time, time, Runnable::run));
    private final List<String> started = new ArrayList<>();

    @Test
    void whatFindsNoLaneWaitsItsTurn() {
        CompletableFuture<Void> first = run(Lane.FRESH, "first");
        run(Lane.FRESH, "second");
        run(Lane.FRESH, "third");
        run(Lane.FRESH, "fourth");

        assertThat(started).containsExactly("first", "second");
        assertThat(lanes.waiting()).isEqualTo(2);
        first.complete(null);
        assertThat(started).containsExactly("first", "second", "third");
        assertThat(lanes.waiting()).isEqualTo(1);
    }

    @Test
    void namesThatFailTakeNoLaneFromFreshOnes() {
        run(Lane.FAILING, "failing");
        run(Lane.FAILING, "failing, too");
        run(Lane.FRESH, "fresh");

        assertThat(started).containsExactly("failing", "fresh");
    }

    @Test
    void aLaneIsFreeAgainAfterAFailure() {
        run(Lane.FAILING, "failing").completeExceptionally(new IllegalStateException("no"));
        CompletionStage<Void> thrown = lanes.run(Lane.FAILING, () -> {
            throw new IllegalStateException("at once");
        });
        run(Lane.FAILING, "next");

        assertThat(thrown.toCompletableFuture()).isCompletedExceptionally();
        assertThat(started).containsExactly("failing", "next");
    }

    private CompletableFuture<Void> run(Lane lane, String what) {
        CompletableFuture<Void> work = new CompletableFuture<>();
        CompletionStage<Void> unused = lanes.run(lane, () -> {
            started.add(what);
            return work;
        });
        return work;
    }
}
