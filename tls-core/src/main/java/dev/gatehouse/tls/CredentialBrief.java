package dev.gatehouse.tls;

import java.util.concurrent.TimeUnit;

/**
 * What has to be known of the only credential of a name to choose it, in 45 bits: its key type, and the whole hours within
 * which it is valid. Less than the truth at both ends, so that what it finds fit is fit; whatever it does not, is looked at
 * closely.
 */
final class CredentialBrief {

    /** How many of the lower bits of a word it takes. */
    static final int BITS = 45;

    /** That there is nothing to be told in brief, as of several credentials. */
    static final long NONE = 0;

    private static final KeyType[] KEY_TYPES = KeyType.values();
    private static final long MILLIS_PER_HOUR = TimeUnit.HOURS.toMillis(1);
    private static final int HOUR_BITS = 21;
    private static final long LAST_HOUR = (1L << HOUR_BITS) - 1;
    private static final int KEY_TYPE_SHIFT = 2 * HOUR_BITS;
    private static final long PRESENT = 1L << BITS - 1;

    private CredentialBrief() {}

    static long of(Credential credential) {
        long firstWhole = Math.floorDiv(credential.notBeforeMillis() + MILLIS_PER_HOUR - 1, MILLIS_PER_HOUR);
        long firstNotWhole = Math.floorDiv(credential.notAfterMillis() + 1, MILLIS_PER_HOUR);
        return PRESENT
                | (long) credential.keyType().ordinal() << KEY_TYPE_SHIFT
                | hour(firstWhole) << HOUR_BITS
                | hour(firstNotWhole);
    }

    private static long hour(long sinceEpoch) {
        return Math.max(0, Math.min(sinceEpoch, LAST_HOUR));
    }

    /** Whether the lower bits of a word say that nothing can beat the credential. */
    static boolean isFit(long word, CredentialChoice choice) {
        long hour = Math.floorDiv(choice.nowMillis(), MILLIS_PER_HOUR);
        return (word & PRESENT) != 0
                && hour >= (word >>> HOUR_BITS & LAST_HOUR)
                && hour < (word & LAST_HOUR)
                && choice.hello().canVerify(KEY_TYPES[(int) (word >>> KEY_TYPE_SHIFT & 3)]);
    }
}
