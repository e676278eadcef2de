package dev.gatehouse.acme.internal.work;

import dev.gatehouse.acme.internal.work.Alarms.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * How quickly orders begin one after the other. An order makes keys and signs some ten requests, which takes several
 * milliseconds of a processor; with an authority that answers at once a crowd of new names would leave none to the handshakes
 * of the others. Some begin at once, and further ones evenly; those of an authority that takes its time never notice.
 *
 * <p>What waits for its turn waits without a thread. Safe for use by several threads.
 */
public final class OrderPace {

    private static final int AT_ONCE = 32;
    private static final int PER_SECOND_AND_PROCESSOR = 50;

    private final InstantSource clock;
    private final Alarms alarms;
    private final Executor starter;
    private final Duration spacing;
    private final Duration advance;
    private Instant nextTurn = Instant.EPOCH;

    /**
     * Makes a pace that leaves about half of the processors to others.
     *
     * @param starter where work goes on that had to wait for its turn
     */
    public OrderPace(InstantSource clock, Alarms alarms, Executor starter) {
        this(
                clock,
                alarms,
                starter,
                PER_SECOND_AND_PROCESSOR * Runtime.getRuntime().availableProcessors());
    }

    OrderPace(InstantSource clock, Alarms alarms, Executor starter, int perSecond) {
        this.clock = clock;
        this.alarms = alarms;
        this.starter = starter;
        this.spacing = Duration.ofSeconds(1).dividedBy(perSecond);
        this.advance = spacing.multipliedBy(AT_ONCE - 1);
    }

    /** Complete when it is the caller's turn: at once if there was no crowd lately. */
    public CompletionStage<Void> turn() {
        Duration delay = takeTurn(clock.instant());
        if (delay.isZero()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        Alarm unused = alarms.after(delay, () -> starter.execute(() -> turn.complete(null)));
        return turn;
    }

    private synchronized Duration takeTurn(Instant now) {
        Instant earliest = now.minus(advance);
        Instant latest = now.plus(advance);
        boolean isOutOfReach = nextTurn.isBefore(earliest) || nextTurn.isAfter(latest);
        Instant turn = isOutOfReach ? earliest : nextTurn;
        nextTurn = turn.plus(spacing);
        return turn.isAfter(now) ? Duration.between(now, turn) : Duration.ZERO;
    }
}
