package dev.gatehouse.tls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of very many names: a hash table with open addressing and linear probing, at most half full. In place of a
 * name it has the 128 bits of its {@link SipHash}. Two of a million names have the same with a probability of
 * 2<sup>-89</sup>, and nobody who does not know the key of the hash can bring it about.
 *
 * <p>The hash of the name and its candidates are found from the hash alone, so that the processor fetches both at the same
 * time: a look-up waits for main memory about once.
 *
 * <p>One thread changes it at a time, which callers see to. Any number of threads read it meanwhile, without a lock. A change
 * costs the same however many names there are, but for a rebuilding when their number has doubled.
 */
final class NameTable {

    private static final VarHandle HASHES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CANDIDATES = MethodHandles.arrayElementVarHandle(Candidates[].class);
    private static final int FEWEST_PLACES = 32;
    private static final long FREE = 0;

    private volatile Places places = new Places(FEWEST_PLACES);

    /** How many places have been taken, by names without candidates too. */
    private int taken;

    /** The candidates of a name, or null if it has none. */
    @Nullable
    Candidates get(SipHash name) {
        return places.get(name);
    }

    /** Gives a name candidates in place of those that it has, or none. */
    void put(SipHash name, @Nullable Candidates candidates) {
        if (places.replace(name, candidates) || candidates == null) {
            return;
        }
        if (2 * (taken + 1) > places.size()) {
            rebuild();
        }
        places.take(first(name), name.second(), candidates);
        taken++;
    }

    /** Leaves the names without candidates behind. */
    private void rebuild() {
        Places full = places;
        int used = full.countUsed();
        Places roomy = new Places(Math.max(FEWEST_PLACES, Integer.highestOneBit(Math.multiplyExact(used + 1, 2)) * 2));
        full.copyTo(roomy);
        places = roomy;
        taken = used;
    }

    private static long first(SipHash name) {
        return name.first() == FREE ? 1 : name.first();
    }

    /** A place belongs to one name for as long as these places live. */
    private static final class Places {

        /** Two for each place. */
        private final long[] hashes;

        private final @Nullable Candidates[] candidates;
        private final int mask;

        Places(int size) {
            hashes = new long[Math.multiplyExact(size, 2)];
            candidates = new Candidates[size];
            mask = size - 1;
        }

        int size() {
            return candidates.length;
        }

        @Nullable
        Candidates get(SipHash name) {
            int place = find(first(name), name.second());
            return place < 0 ? null : (Candidates) CANDIDATES.getAcquire(candidates, place);
        }

        /** Tells whether the name has a place. */
        boolean replace(SipHash name, @Nullable Candidates others) {
            int place = find(first(name), name.second());
            if (place >= 0) {
                CANDIDATES.setRelease(candidates, place, others);
            }
            return place >= 0;
        }

        /** Readers know a place by the first half of the hash, so that is written last. */
        void take(long first, long second, Candidates some) {
            int place = ~find(first, second);
            CANDIDATES.setRelease(candidates, place, some);
            HASHES.setRelease(hashes, 2 * place + 1, second);
            HASHES.setRelease(hashes, 2 * place, first);
        }

        int countUsed() {
            int used = 0;
            for (Candidates some : candidates) {
                used += some == null ? 0 : 1;
            }
            return used;
        }

        void copyTo(Places empty) {
            for (int place = 0; place < candidates.length; place++) {
                Candidates some = candidates[place];
                if (some != null) {
                    empty.take(hashes[2 * place], hashes[2 * place + 1], some);
                }
            }
        }

        /** The place of a name; for one that has none, the complement of the free place that it would take. */
        private int find(long first, long second) {
            for (int place = (int) first & mask; ; place = place + 1 & mask) {
                long present = (long) HASHES.getAcquire(hashes, 2 * place);
                if (present == first && (long) HASHES.getAcquire(hashes, 2 * place + 1) == second) {
                    return place;
                }
                if (present == FREE) {
                    return ~place;
                }
            }
        }
    }
}
