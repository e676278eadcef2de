package dev.gatehouse.tls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that cover a name, at least one. Names of one certificate share their candidates.
 *
 * <p>Immutable and safe for use by several threads.
 */
final class Candidates {

    private static final Credential[] NO_OTHERS = {};

    private final Credential first;
    private final Credential[] others;

    private Candidates(Credential first, Credential... others) {
        this.first = first;
        this.others = others;
    }

    static Candidates only(Credential credential) {
        return new Candidates(credential, NO_OTHERS);
    }

    /** These and one more at the end, which must not be there already. */
    Candidates with(Credential credential) {
        List<Credential> more = new ArrayList<>(List.of(others));
        more.add(credential);
        return new Candidates(first, more.toArray(NO_OTHERS));
    }

    /** These but one, or null if none is left. */
    @Nullable
    Candidates without(Credential credential) {
        List<Credential> remaining = all();
        remaining.remove(credential);
        return remaining.isEmpty() ? null : new Candidates(remaining.remove(0), remaining.toArray(NO_OTHERS));
    }

    boolean contains(Credential credential) {
        return all().contains(credential);
    }

    /** All in the order in which they came; the caller may change the list. */
    List<Credential> all() {
        List<Credential> all = new ArrayList<>(1 + others.length);
        all.add(first);
        all.addAll(List.of(others));
        return all;
    }

    /** The best one for a handshake. */
    Credential best(CredentialChoice choice) {
        Credential best = first;
        for (Credential other : others) {
            best = choice.isBetter(other, best) ? other : best;
        }
        return best;
    }

    /** The only one, or null if there are several. */
    @Nullable
    Credential only() {
        return others.length == 0 ? first : null;
    }
}
