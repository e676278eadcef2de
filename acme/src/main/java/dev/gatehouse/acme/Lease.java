package dev.gatehouse.acme;

import java.time.Instant;
import java.util.Objects;

/**
 * The right to work on a resource, for a while.
 *
 * @param resource what may be worked on
 * @param owner who holds it, in words for log lines; differs between any two opened storages
 * @param fencingNumber grows with every change of hands of the resource; prolonging leaves it as it is
 * @param expiresAt until when others keep away
 */
public record Lease(String resource, String owner, long fencingNumber, Instant expiresAt) {

    /**
     * Checks the parts. For implementations of a storage.
     *
     * @param resource what may be worked on
     * @param owner who holds it
     * @param fencingNumber at least 1
     * @param expiresAt until when others keep away
     */
    public Lease {
        StorageNames.require("resource", resource);
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(expiresAt, "expiresAt");
        if (fencingNumber < 1) {
            throw new IllegalArgumentException("fencingNumber: " + fencingNumber + " (expected: at least 1)");
        }
    }
}
