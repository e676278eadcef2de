package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which names are split off which group, in storage, so that a restart and other nodes order the same certificates. Its
 * methods block.
 */
final class GroupSplits {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final CertificateStorage storage;

    GroupSplits(CertificateStorage storage) {
        this.storage = storage;
    }

    Set<SubjectName> read(ManagedGroup group) {
        try {
            return storage.read(keyOf(group)).map(GroupSplits::parse).orElse(Set.of());
        } catch (IOException | RuntimeException unreadable) {
            log.warn(
                    "{}: it cannot be read which of its names are split off. {}",
                    group.certificate().subject(),
                    unreadable.getMessage());
            return Set.of();
        }
    }

    void write(ManagedGroup group) {
        String text = group.splitOff().stream().map(SubjectName::value).sorted().collect(Collectors.joining("\n"));
        try {
            Optional<StoredRecord> present = storage.read(keyOf(group));
            long version = present.map(StoredRecord::version).orElse(CertificateStorage.ABSENT);
            storage.write(keyOf(group), text.getBytes(StandardCharsets.UTF_8), version, WriteTerms.none());
        } catch (IOException | RuntimeException unwritable) {
            log.warn(
                    "{}: it cannot be stored which of its names are split off; a restart tries all of them together. {}",
                    group.certificate().subject(),
                    unwritable.getMessage());
        }
    }

    private static Set<SubjectName> parse(StoredRecord stored) {
        try {
            return new String(stored.content(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(SubjectName::of)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (InvalidNameException damaged) {
            return Set.of();
        }
    }

    private static RecordKey keyOf(ManagedGroup group) {
        return RecordKey.state("split off " + group.certificate().subject());
    }
}
