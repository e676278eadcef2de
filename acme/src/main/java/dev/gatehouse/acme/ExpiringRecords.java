package dev.gatehouse.acme;

import java.util.List;
import java.util.Optional;

/**
 * A page of records in the order of their expiry. Records of the same millisecond are in an order that the storage chooses
 * and keeps.
 *
 * @param records the records, earliest expiry first
 * @param next where the next page begins: what to go on with, or empty if this is the last page
 */
public record ExpiringRecords(List<ExpiringRecord> records, Optional<ExpiringRecord> next) {

    /**
     * Copies the list.
     *
     * @param records the records, earliest expiry first
     * @param next what to go on with
     */
    public ExpiringRecords {
        records = List.copyOf(records);
    }
}
