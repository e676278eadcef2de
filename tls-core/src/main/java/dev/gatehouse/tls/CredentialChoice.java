package dev.gatehouse.tls;

import org.jspecify.annotations.Nullable;

/**
 * The preferences of one handshake among credentials: one that the client can verify, one that is valid now, an exact name
 * over a wildcard, an ECDSA key, the longest remaining life.
 *
 * <p>What the client cannot verify comes last, even behind what has expired: it ends every handshake with an alert that
 * explains nothing, while an expired certificate tells the client what is wrong and some go on. A client whose algorithms
 * are not known counts as able to verify all, so for it only validity decides.
 */
record CredentialChoice(ClientHello hello, long nowMillis) {

    private static final int VERIFIABLE = 2;
    private static final int VALID = 1;
    private static final int FIT = VERIFIABLE + VALID;

    /** The best one, or null if there are none. */
    @Nullable
    Credential best(Credential @Nullable [] candidates) {
        if (candidates == null || candidates.length == 0) {
            return null;
        }
        Credential best = candidates[0];
        for (int i = 1; i < candidates.length; i++) {
            best = isBetter(candidates[i], best) ? candidates[i] : best;
        }
        return best;
    }

    /** The exact one, unless the wildcard one can do what the exact one cannot. */
    @Nullable
    Credential better(@Nullable Credential exact, @Nullable Credential wildcard) {
        if (exact == null || wildcard == null) {
            return exact == null ? wildcard : exact;
        }
        return fitness(wildcard) > fitness(exact) ? wildcard : exact;
    }

    /** Whether nothing can beat it but a preference among equals: the client can verify it, and it is valid. */
    boolean isFit(Credential credential) {
        return fitness(credential) == FIT;
    }

    boolean isBetter(Credential candidate, Credential best) {
        int difference = fitness(candidate) - fitness(best);
        if (difference != 0) {
            return difference > 0;
        }
        boolean isEc = candidate.keyType() == KeyType.EC;
        if (isEc != (best.keyType() == KeyType.EC)) {
            return isEc;
        }
        return candidate.notAfterMillis() > best.notAfterMillis();
    }

    private int fitness(Credential credential) {
        return (hello.canVerify(credential) ? VERIFIABLE : 0) + (credential.isValidAt(nowMillis) ? VALID : 0);
    }
}
