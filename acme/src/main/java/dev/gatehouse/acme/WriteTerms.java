package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** On what terms a record is written. Immutable and safe for use by several threads. */
public final class WriteTerms {

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private static final WriteTerms NONE = new WriteTerms(null, null);

    private final @Nullable Instant expiry;
    private final @Nullable Lease fence;

    private WriteTerms(@Nullable Instant expiry, @Nullable Lease fence) {
        this.expiry = expiry;
        this.fence = fence;
    }

    /** {@return no terms: the record does not expire, and whoever knows its version may write it} */
    public static WriteTerms none() {
        return NONE;
    }

    /**
     * Says when the record expires. It can be read after that, too, until it is cleaned away.
     *
     * @param moment when, kept to the millisecond; from the year 1970 to 9999, the last that a certificate can name
     * @return these terms with the expiry
     * @throws IllegalArgumentException if it is earlier or later
     */
    public WriteTerms expiringAt(Instant moment) {
        if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException("expiry: " + moment + " (expected: " + EARLIEST + " to " + LATEST + ")");
        }
        return new WriteTerms(moment, fence);
    }

    /**
     * Says that the record is written only while a lease is held.
     *
     * @param lease the lease
     * @return these terms with the lease
     */
    public WriteTerms fencedBy(Lease lease) {
        return new WriteTerms(expiry, lease);
    }

    /** {@return when the record expires} */
    public Optional<Instant> expiry() {
        return Optional.ofNullable(expiry);
    }

    /** {@return the lease that must be held} */
    public Optional<Lease> fence() {
        return Optional.ofNullable(fence);
    }

    /** {@return the terms} */
    @Override
    public String toString() {
        return "expiring at " + (expiry == null ? "no time" : expiry) + ", fenced by "
                + (fence == null ? "no lease" : fence);
    }
}
