package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Objects;

/**
 * Names a bucket of a counter in a {@link CertificateStorage}.
 *
 * @param name the name of the counter, such as "orders of example.com"; 1 to 1024 characters
 * @param bucket the begin of the time that the bucket counts for, kept to the millisecond
 */
public record CounterKey(String name, Instant bucket) {

    /**
     * Checks the parts.
     *
     * @param name the name of the counter
     * @param bucket the begin of the time that the bucket counts for
     */
    public CounterKey {
        StorageNames.require("name", name);
        Objects.requireNonNull(bucket, "bucket");
    }
}
