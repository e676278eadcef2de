package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Objects;

/**
 * A record and its expiry, as a storage's index has them.
 *
 * @param key which record
 * @param expiresAt when it expires, to the millisecond
 */
public record ExpiringRecord(RecordKey key, Instant expiresAt) {

    /**
     * Checks the parts.
     *
     * @param key which record
     * @param expiresAt when it expires
     */
    public ExpiringRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }
}
