package dev.gatehouse.routing.internal.loop;

import java.util.ArrayList;

/**
 * Timers in the order of their deadlines: a binary heap in which each timer knows its place, so that one which is no
 * longer needed is taken out at once and leaves nothing behind. Deadlines are points of a nanosecond clock whose origin
 * is arbitrary and which may overflow.
 */
final class TimerHeap {

    private final ArrayList<Timer> heap = new ArrayList<>(64);

    /** Arms a timer, or moves an armed one. */
    void arm(Timer timer, long deadline) {
        disarm(timer);
        timer.deadline = deadline;
        timer.index = heap.size();
        heap.add(timer);
        siftUp(timer);
    }

    void disarm(Timer timer) {
        int index = timer.index;
        if (index == Timer.NOT_ARMED) {
            return;
        }
        timer.index = Timer.NOT_ARMED;
        Timer last = heap.remove(heap.size() - 1);
        if (index < heap.size()) {
            place(last, index);
            siftUp(last);
            siftDown(last);
        }
    }

    /** Fires every timer whose deadline has come, but none twice. */
    void fire(long now) {
        for (int due = heap.size(); due > 0 && !heap.isEmpty() && untilFirst(now) == 0; due--) {
            Timer timer = heap.get(0);
            disarm(timer);
            timer.fire();
        }
    }

    boolean isEmpty() {
        return heap.isEmpty();
    }

    /** The time until the first deadline, 0 if it has come; only if there is a timer. */
    long untilFirst(long now) {
        return Math.max(0, heap.get(0).deadline - now);
    }

    int size() {
        return heap.size();
    }

    private void siftUp(Timer timer) {
        while (timer.index > 0) {
            Timer parent = heap.get((timer.index - 1) / 2);
            if (!isBefore(timer, parent)) {
                return;
            }
            swap(timer, parent);
        }
    }

    private void siftDown(Timer timer) {
        for (int child = timer.index * 2 + 1; child < heap.size(); child = timer.index * 2 + 1) {
            if (child + 1 < heap.size() && isBefore(heap.get(child + 1), heap.get(child))) {
                child++;
            }
            if (!isBefore(heap.get(child), timer)) {
                return;
            }
            swap(heap.get(child), timer);
        }
    }

    private static boolean isBefore(Timer one, Timer other) {
        return one.deadline - other.deadline < 0;
    }

    private void swap(Timer up, Timer down) {
        int index = up.index;
        place(up, down.index);
        place(down, index);
    }

    private void place(Timer timer, int index) {
        heap.set(index, timer);
        timer.index = index;
    }
}
