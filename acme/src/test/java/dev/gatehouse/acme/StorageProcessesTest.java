package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ServerName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes at one folder, and processes that are killed while they work. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StorageProcessesTest {

    private static final int KILLS = 20;
    private static final int MAX_LINES_BEFORE_KILL = 60;
    private static final long SEED = 20261127;

    @TempDir
    private Path folder;

    /** What is known of a record: what it may hold, and the version that it has at least. */
    private static final class Expected {
        private Set<Integer> markers = new HashSet<>(Set.of());
        private boolean mayBeAbsent = true;
        private boolean mustBeAbsent = true;
        private long version;
    }

    private final Map<String, Expected> expected = new HashMap<>();
    private long lastFencingNumber;

    @Test
    void noIncrementIsLostAmongProcesses() throws Exception {
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            children.add(StorageChild.start("increment", folder, 60));
        }
        for (Process child : children) {
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isZero();
        }
        try (FileStorage storage = FileStorage.at(folder)) {
            StoredRecord record = storage.read(RecordKey.state("shared")).orElseThrow();
            assertThat(new String(record.content(), StandardCharsets.US_ASCII)).isEqualTo("120");
            assertThat(StorageChild.counted(storage)).isEqualTo(120);
        }
    }

    @Test
    void aProcessKilledAtAnyPointLeavesWholeRecordsAndNoLocks() throws Exception {
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            workAndKill(kill, 1 + random.nextInt(MAX_LINES_BEFORE_KILL));
            check(kill);
        }
        assertThat(expected).hasSizeGreaterThan(10);
    }

    private void workAndKill(int kill, int lines) throws Exception {
        Process child = StorageChild.start("work", folder, SEED + kill);
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < lines; i++) {
                heed(said.readLine());
            }
            // Not that of Process, which would close what the child has said.
            child.toHandle().destroyForcibly();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                heed(line);
            }
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private void heed(String line) {
        assertThat(line).as("output of the child; seed " + SEED).isNotNull().doesNotStartWith("failed");
        String[] words = line.split(" ", -1);
        if (words[0].equals("leased") && words.length == 2) {
            lastFencingNumber = Math.max(lastFencingNumber, Long.parseLong(words[1]));
        }
        if (words.length < 4) {
            return;
        }
        Expected record = expected.computeIfAbsent(words[1], name -> new Expected());
        long version = Long.parseLong(words[2]);
        int marker = Integer.parseInt(words[3]);
        switch (words[0]) {
            case "writing" -> {
                record.markers.add(marker);
                record.mustBeAbsent = false;
            }
            case "written" -> {
                record.markers = new HashSet<>(Set.of(marker));
                record.mayBeAbsent = false;
                assertThat(version).as(words[1]).isGreaterThan(record.version);
                record.version = version;
            }
            case "deleting" -> record.mayBeAbsent = true;
            case "deleted" -> {
                record.markers = new HashSet<>();
                record.mustBeAbsent = true;
                record.mayBeAbsent = true;
            }
            default -> throw new AssertionError(line);
        }
    }

    private void check(int kill) throws IOException {
        Instant later = Instant.now().plus(Duration.ofHours(2));
        try (FileStorage storage =
                FileStorage.builder(folder).clock(() -> later).open()) {
            for (Map.Entry<String, Expected> entry : expected.entrySet()) {
                checkRecord(storage, entry.getKey(), entry.getValue(), "kill " + kill + ", seed " + SEED + ", ");
            }
            Lease lease =
                    storage.acquire(StorageChild.LEASE, Duration.ofMinutes(1)).orElseThrow();
            assertThat(lease.fencingNumber()).isGreaterThan(lastFencingNumber);
            lastFencingNumber = lease.fencingNumber();
            checkIndex(storage);
        }
    }

    private static void checkRecord(FileStorage storage, String name, Expected expected, String where)
            throws IOException {
        Optional<StoredRecord> found = storage.read(RecordKey.certificate(ServerName.of(name)));
        if (found.isEmpty()) {
            assertThat(expected.mayBeAbsent).as(where + name + " was lost").isTrue();
        } else {
            byte[] content = found.get().content();
            int marker = StorageChild.markerOf(content);
            assertThat(content).as(where + name).isEqualTo(StorageChild.content(marker));
            assertThat(expected.mustBeAbsent).as(where + name + " came back").isFalse();
            assertThat(expected.markers).as(where + name).contains(marker);
            assertThat(found.get().version()).as(where + name).isGreaterThanOrEqualTo(expected.version);
            expected.version = found.get().version();
        }
        expected.mayBeAbsent = found.isEmpty();
        expected.mustBeAbsent = found.isEmpty();
        expected.markers = found.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(Set.of(StorageChild.markerOf(found.get().content())));
    }

    /** Every record that expires is named by the index. */
    private void checkIndex(FileStorage storage) throws IOException {
        Set<ExpiringRecord> indexed = new HashSet<>(storage.expiring(RecordKey.Kind.CERTIFICATE, Instant.MAX, 10_000)
                .records());
        for (String name : expected.keySet()) {
            RecordKey key = RecordKey.certificate(ServerName.of(name));
            storage.read(key)
                    .flatMap(StoredRecord::expiresAt)
                    .ifPresent(expiry -> assertThat(indexed).contains(new ExpiringRecord(key, expiry)));
        }
    }
}
