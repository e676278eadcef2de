package dev.gatehouse.tls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of very many names: a hash table with open addressing and linear probing, at most half full. In place of a
 * name it has 83 bits of its {@link SipHash}. Two of a million names have the same with a probability of
 * 2<sup>-44</sup>, and nobody who does not know the key of the hash can bring it about.
 *
 * <p>Beside the hash stands the {@link CredentialBrief} of a name's only credential. Both, and the reference to the
 * credential, are found from the hash alone, so the processor fetches them at the same time: a look-up waits for main memory
 * once, and looks at no other object.
 *
 * <p>One thread changes it at a time, which callers see to. Any number of threads read it meanwhile, without a lock. A change
 * costs the same however many names there are, but for a rebuilding when their number has doubled.
 */
final class NameTable {

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CANDIDATES = MethodHandles.arrayElementVarHandle(Candidates[].class);
    private static final int FEWEST_PLACES = 32;
    private static final long FREE = 0;

    private volatile Places places = new Places(FEWEST_PLACES);

    /** How many places have been taken, by names without candidates too. */
    private int taken;

    /** The only credential of a name if it has just one and nothing can beat it; else null, and the candidates decide. */
    @Nullable
    Credential onlyAndFit(SipHash name, CredentialChoice choice) {
        return places.onlyAndFit(name, choice);
    }

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

        /** Two for each place: the first half of the hash; the upper bits of the second half, and the brief. */
        private final long[] words;

        private final @Nullable Candidates[] candidates;

        /** The credentials of those candidates that have a brief. */
        private final @Nullable Credential[] onlyOnes;

        private final int mask;

        Places(int size) {
            words = new long[Math.multiplyExact(size, 2)];
            candidates = new Candidates[size];
            onlyOnes = new Credential[size];
            mask = size - 1;
        }

        int size() {
            return candidates.length;
        }

        /** A brief that is the same before and after tells the truth of the credential between, whichever it is. */
        @Nullable
        Credential onlyAndFit(SipHash name, CredentialChoice choice) {
            int place = find(first(name), name.second());
            if (place < 0) {
                return null;
            }
            long word = (long) WORDS.getAcquire(words, 2 * place + 1);
            if (!CredentialBrief.isFit(word, choice)) {
                return null;
            }
            Credential only = onlyOnes[place];
            VarHandle.acquireFence();
            return (long) WORDS.getOpaque(words, 2 * place + 1) == word ? only : null;
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
                set(place, name.second(), others);
            }
            return place >= 0;
        }

        /** Readers know a place by the first half of the hash, so that is written last. */
        void take(long first, long second, Candidates some) {
            int place = ~find(first, second);
            set(place, second, some);
            WORDS.setRelease(words, 2 * place, first);
        }

        /** While the credential changes there is no brief. */
        private void set(int place, long second, @Nullable Candidates some) {
            long hash = second >>> CredentialBrief.BITS << CredentialBrief.BITS;
            Credential only = some == null ? null : some.only();
            WORDS.setOpaque(words, 2 * place + 1, hash | CredentialBrief.NONE);
            VarHandle.releaseFence();
            onlyOnes[place] = only;
            CANDIDATES.setRelease(candidates, place, some);
            long brief = only == null ? CredentialBrief.NONE : CredentialBrief.of(only);
            WORDS.setRelease(words, 2 * place + 1, hash | brief);
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
                    empty.take(words[2 * place], words[2 * place + 1], some);
                }
            }
        }

        /** The place of a name; for one that has none, the complement of the free place that it would take. */
        private int find(long first, long second) {
            for (int place = (int) first & mask; ; place = place + 1 & mask) {
                long present = (long) WORDS.getAcquire(words, 2 * place);
                if (present == first
                        && ((long) WORDS.getAcquire(words, 2 * place + 1) ^ second) >>> CredentialBrief.BITS == 0) {
                    return place;
                }
                if (present == FREE) {
                    return ~place;
                }
            }
        }
    }
}
