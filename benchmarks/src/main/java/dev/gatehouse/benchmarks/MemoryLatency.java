package dev.gatehouse.benchmarks;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long this machine takes for one read from memory that has to wait for the one before it: what the look-ups have to be
 * judged by. Each read leads to another cache line at random, in a circle through all of them.
 */
final class MemoryLatency {

    private static final int INTS_PER_LINE = 16;
    private static final int LINES_PER_MEGABYTE = (1 << 20) / 64;
    private static final int READS = 4_000_000;
    private static final int ROUNDS = 5;

    private MemoryLatency() {}

    static List<Result> measure() {
        return List.of(ofMegabytes(1), ofMegabytes(32), ofMegabytes(1024));
    }

    private static Result ofMegabytes(int megabytes) {
        int[] next = circle(megabytes * LINES_PER_MEGABYTE);
        int at = 0;
        double least = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < READS; i++) {
                at = next[at];
            }
            least = Math.min(least, (double) (System.nanoTime() - start) / READS);
        }
        if (next[at] == at) {
            throw new IllegalStateException("The circle is broken at " + at);
        }
        return Result.of(
                "Memory of the machine: one read that depends on the one before, at random in " + megabytes + " MB",
                "-",
                "%.0f ns",
                least);
    }

    /** For the first integer of each line the index of that of another. */
    private static int[] circle(int lines) {
        int[] order = new int[lines];
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < lines; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        int[] next = new int[lines * INTS_PER_LINE];
        for (int i = 0; i < lines; i++) {
            next[order[i] * INTS_PER_LINE] = order[(i + 1) % lines] * INTS_PER_LINE;
        }
        return next;
    }
}
