package dev.gatehouse.routing.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerHeapTest {

    private final TimerHeap heap = new TimerHeap();
    private final List<Integer> fired = new ArrayList<>();

    @Test
    void firesInTheOrderOfDeadlinesWhateverIsArmedMovedOrTakenBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long start = Long.MAX_VALUE - 500;
        Timer[] timers = new Timer[200];
        Map<Integer, Long> deadlines = new HashMap<>();
        for (int i = 0; i < timers.length; i++) {
            int number = i;
            timers[i] = new Timer(() -> fired.add(number));
        }
        for (int step = 0; step < 5_000; step++) {
            int i = random.nextInt(timers.length);
            if (random.nextInt(3) == 0) {
                heap.disarm(timers[i]);
                deadlines.remove(i);
            } else {
                long deadline = start + random.nextInt(1_000);
                deadlines.put(i, deadline);
                heap.arm(timers[i], deadline);
            }
        }
        assertThat(heap.size()).as("seed %d", seed).isEqualTo(deadlines.size());

        heap.fire(start + 1_000);

        assertThat(heap.isEmpty()).isTrue();
        assertThat(fired).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(deadlines.keySet());
        assertThat(fired.stream().map(number -> deadlines.getOrDefault(number, 0L) - start))
                .as("seed %d", seed)
                .isSorted();
    }

    @Test
    void firesNothingBeforeItsTime() {
        heap.arm(new Timer(() -> fired.add(1)), 100);

        heap.fire(99);
        assertThat(fired).isEmpty();
        assertThat(heap.untilFirst(99)).isEqualTo(1);

        heap.fire(100);
        assertThat(fired).containsExactly(1);
    }

    @Test
    void aTimerThatArmsItselfAgainDoesNotKeepTheOthersWaiting() {
        Timer[] again = new Timer[1];
        again[0] = new Timer(() -> {
            fired.add(1);
            heap.arm(again[0], 0);
        });
        heap.arm(again[0], 0);
        heap.arm(new Timer(() -> fired.add(2)), 5);

        heap.fire(10);

        assertThat(fired).containsExactly(1, 1);
        heap.fire(10);
        assertThat(fired).contains(1);
    }

    @Test
    void aTimerMayTakeAnotherBack() {
        Timer second = new Timer(() -> fired.add(2));
        heap.arm(new Timer(() -> heap.disarm(second)), 1);
        heap.arm(second, 2);

        heap.fire(10);

        assertThat(fired).isEmpty();
        assertThat(second.isArmed()).isFalse();
    }
}
