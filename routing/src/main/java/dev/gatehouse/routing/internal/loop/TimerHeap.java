package dev.gatehouse.routing.internal.loop;

import java.util.ArrayList;

/**
 * Timers in the order of their deadlines: a binary heap in which each timer knows its place, so that one which is no
 * longer needed is taken out at once and leaves nothing behind. Deadlines are points of a nanosecond clock whose origin
 * is arbitrary and which may overflow. Belongs to the thread of its loop.
 */
public final class TimerHeap {

    private final ArrayList<Timer> heap = new ArrayList<>(64);

    /** Makes an empty heap. */
    public TimerHeap() {
        // filled by arming
    }

    /**
     * Arms a timer, or moves an armed one.
     *
     * @param timer the timer
     * @param deadline when it is to act
     */
    public void arm(Timer timer, long deadline) {
        disarm(timer);
        timer.deadline = deadline;
        timer.index = heap.size();
        heap.add(timer);
        siftUp(timer);
    }

    /**
     * Takes a timer out; does nothing if it is not armed.
     *
     * @param timer the timer
     */
    public void disarm(Timer timer) {
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

    /**
     * Fires every timer whose deadline has come, but none twice.
     *
     * @param now the time
     */
    public void fire(long now) {
        for (int due = heap.size(); due > 0 && !heap.isEmpty() && untilFirst(now) == 0; due--) {
            Timer timer = heap.get(0);
            disarm(timer);
            timer.fire();
        }
    }

    /** {@return whether no timer is armed} */
    public boolean isEmpty() {
        return heap.isEmpty();
    }

    /**
     * {@return the time until the first deadline, 0 if it has come; only if there is a timer}
     *
     * @param now the time
     */
    public long untilFirst(long now) {
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
