package dev.gatehouse.routing.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.Logs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopTest {

    private final FakeTicker ticker = new FakeTicker();
    private final EventLoops loops = EventLoops.start("test-loop-", 2, ticker);
    private final SelectorLoop loop = loops.all().get(0);

    @AfterEach
    void close() {
        loops.close();
    }

    private <T> T inside(java.util.function.Supplier<T> work) throws Exception {
        return CompletableFuture.supplyAsync(work, loop).get(10, TimeUnit.SECONDS);
    }

    @Test
    void tasksOfOneThreadAreDoneInTheirOrderOnTheNamedThread() throws Exception {
        List<Integer> done = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int number = i;
            loop.execute(() -> done.add(number));
        }

        assertThat(inside(() -> Thread.currentThread().getName())).isEqualTo("test-loop-1");
        assertThat(done).hasSize(5_000).isSorted();
    }

    @Test
    void aTaskThatFailsDoesNotEndTheLoop() throws Exception {
        try (Logs logs = Logs.capture()) {
            loop.execute(() -> {
                throw new IllegalStateException("broken");
            });

            assertThat(inside(loop::isInside)).isTrue();
            assertThat(logs.lines())
                    .containsExactly(
                            "ERROR test-loop-1: a task failed unexpectedly; its exchange may be lost. Report this");
        }
    }

    @Test
    void aThreadOfALoopStaysWithItAndOthersTakeTurns() throws Exception {
        assertThat(inside(() -> loops.choose(null))).isSameAs(loop);
        assertThat(loops.choose(null)).isNotSameAs(loops.choose(null));
    }

    @Test
    void theLoopOfAHostIsPreferredToOnesOwn() throws Exception {
        try (SelectorLoop hosts = new SelectorLoop("host-loop", ticker)) {
            assertThat(inside(() -> loops.choose(hosts))).isSameAs(hosts);
        }
    }

    @Test
    void aClosedLoopDoesWhatItWasGivenAndRefusesMore() {
        CountDownLatch done = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            loop.execute(done::countDown);
        }
        loop.close();

        assertThat(done.getCount()).isZero();
        assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("test-loop-1: closed");
    }

    @Test
    void timersFireWhenTheirTimeHasCome() throws Exception {
        CountDownLatch fired = new CountDownLatch(1);
        inside(() -> {
            loop.arm(new Timer(fired::countDown), loop.now() + 1_000_000_000L);
            return true;
        });
        ticker.advance(Duration.ofMillis(999), loops);
        assertThat(fired.getCount()).isEqualTo(1);

        ticker.advance(Duration.ofMillis(1), loops);
        assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anIdleTimerActsOnlyAfterAWhileWithoutATouch() throws Exception {
        CountDownLatch fired = new CountDownLatch(1);
        IdleTimer timer = new IdleTimer(loop, Duration.ofSeconds(10), fired::countDown);
        for (int i = 0; i < 5; i++) {
            loop.execute(timer::touch);
            ticker.advance(Duration.ofSeconds(9), loops);
        }
        assertThat(fired.getCount()).isEqualTo(1);

        ticker.advance(Duration.ofSeconds(1), loops);
        assertThat(fired.getCount()).isZero();
    }

    @Test
    void buffersAreUsedAgain() throws Exception {
        ByteBuffer first = inside(loop.buffers()::acquire);
        first.put((byte) 1);
        inside(() -> {
            loop.buffers().release(first);
            return true;
        });

        ByteBuffer second = inside(loop.buffers()::acquire);
        assertThat(second).isSameAs(first);
        assertThat(second.remaining()).isEqualTo(BufferPool.BUFFER_BYTES);
    }
}
