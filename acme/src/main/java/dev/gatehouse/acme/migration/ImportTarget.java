package dev.gatehouse.acme.migration;

import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One record that may be written.
 *
 * @param key which record
 * @param subject what the user calls it
 * @param source where its content was found
 * @param content what it would hold
 * @param terms on what terms it would be written
 * @param comparison decides by what the storage has
 */
record ImportTarget(
        RecordKey key, String subject, Path source, Supplier<byte[]> content, WriteTerms terms, Comparison comparison) {

    /** Decides between what was found and what is there. */
    @FunctionalInterface
    interface Comparison {

        Decision with(Optional<StoredRecord> existing);
    }
}
