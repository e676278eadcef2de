package dev.gatehouse.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock = new Clock();
    private final List<String> events = new ArrayList<>();
    private boolean used = true;
    private final KeepAlive keepAlive = new KeepAlive(
            new KeepAlive.Peer() {
                @Override
                public boolean isUsed() {
                    return used;
                }

                @Override
                public void ping() {
                    events.add("ping");
                }

                @Override
                public void isGone() {
                    events.add("gone");
                }
            },
            clock,
            () -> clock.now,
            new Limits(1, 1, 1, Duration.ofMinutes(1), SILENCE, TIMEOUT));

    /** Runs one task, which is all that a connection has at a time. */
    private static final class Clock extends AbstractLifeCycle implements Scheduler {

        private long now = 1000;
        private long due;
        private Runnable task = () -> {};

        @Override
        public Task schedule(Runnable newTask, long delay, TimeUnit unit) {
            task = newTask;
            due = now + unit.toNanos(delay);
            return () -> {
                task = () -> {};
                return true;
            };
        }

        void advance(Duration duration) {
            long end = now + duration.toNanos();
            while (due > now && due <= end) {
                now = due;
                task.run();
            }
            now = end;
        }
    }

    @Test
    void aSilenceIsEndedByAPingAndThatByTheEndOfTheConnection() {
        keepAlive.start();

        clock.advance(SILENCE.minusSeconds(1));
        assertThat(events).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(events).containsExactly("ping");
        clock.advance(TIMEOUT);
        assertThat(events).containsExactly("ping", "gone");
    }

    @Test
    void aConnectionWithTrafficIsNotAsked() {
        keepAlive.start();

        for (int i = 0; i < 20; i++) {
            clock.advance(SILENCE.dividedBy(2));
            keepAlive.received(true);
        }

        assertThat(events).isEmpty();
    }

    @Test
    void aLongSilenceHasNoMorePingsThanServersAllow() {
        keepAlive.start();

        for (int i = 0; i < 60 * 60; i++) {
            int before = events.size();
            clock.advance(Duration.ofSeconds(1));
            if (events.size() > before) {
                keepAlive.received(false);
            }
        }

        assertThat(events).containsOnly("ping").hasSizeBetween(9, 11);
    }

    @Test
    void anUnusedConnectionIsLeftAlone() {
        used = false;
        keepAlive.start();

        clock.advance(Duration.ofHours(1));

        assertThat(events).isEmpty();
    }

    @Test
    void anOverdueAnswerHasTheConnectionAskedAtOnce() {
        keepAlive.start();

        keepAlive.check();
        keepAlive.check();
        assertThat(events).containsExactly("ping");
        clock.advance(TIMEOUT);
        assertThat(events).containsExactly("ping", "gone");
    }

    @Test
    void anAnswerSavesTheConnection() {
        keepAlive.start();
        keepAlive.check();

        keepAlive.received(false);
        clock.advance(TIMEOUT);

        assertThat(events).containsExactly("ping");
    }
}
