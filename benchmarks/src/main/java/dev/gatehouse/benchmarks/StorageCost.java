package dev.gatehouse.benchmarks;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CounterKey;
import dev.gatehouse.acme.ExpiringRecords;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.RecordKey.Kind;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** What a folder of many records costs. */
final class StorageCost {

    private static final Instant FIRST_EXPIRY = Instant.parse("2027-01-01T00:00:00Z");
    private static final int CONTENT_BYTES = 3_500;
    private static final int READS = 5_000;
    private static final int WRITES = 100;

    private StorageCost() {}

    @FunctionalInterface
    private interface Operation {
        void run(int number) throws IOException;
    }

    static List<Result> measure(Path parent, int records) throws IOException {
        Path folder = parent.resolve("storage-" + records);
        Duration preparing = prepare(folder, records);
        double[] opening = times(50, i -> FileStorage.at(folder).close());
        double[] firstPage = times(50, i -> {
            try (FileStorage storage = FileStorage.at(folder)) {
                requireSize(storage.expiring(Kind.CHALLENGE, Instant.MAX, 100), Math.min(100, records));
            }
        });
        try (FileStorage storage = FileStorage.at(folder)) {
            Random random = new Random(7);
            double[] reading = times(READS, i -> {
                RecordKey key = key(random.nextInt(records));
                if (storage.read(key).isEmpty()) {
                    throw new IllegalStateException(key + " is missing in " + folder + "; delete that folder");
                }
            });
            double[] paging = times(3, i -> pageThrough(storage, records));
            return List.of(
                    Result.of(
                            "Preparing " + records + " records in a storage folder (0 if an earlier run has left them)",
                            "-",
                            "%.1f s",
                            preparing.toMillis() / 1000.0),
                    line("Opening and closing a folder of " + records + " records", "< 200 ms", opening),
                    line("Reading one of them at random, from the page cache", "-", reading),
                    line("Opening it and finding the 100 that expire first", "< 5 ms", firstPage),
                    line("Finding all of them by expiry in pages of 1000", "-", paging),
                    line("Writing a certificate, forced to the disk", "-", writing(storage)),
                    line("Adding to a counter", "-", counting(storage)),
                    line("Taking and releasing a lease", "-", leasing(storage)));
        }
    }

    /** As answers to challenges, which are not forced to the disk one by one; their files and index are the same. */
    private static Duration prepare(Path folder, int records) throws IOException {
        Path done = folder.resolve("prepared");
        if (Files.exists(done)) {
            return Duration.ZERO;
        }
        Instant start = Instant.now();
        Random random = new Random(42);
        try (FileStorage storage = FileStorage.at(folder)) {
            for (int i = 0; i < records; i++) {
                Instant expiry = FIRST_EXPIRY.plusMillis(
                        (long) (random.nextDouble() * Duration.ofDays(90).toMillis()));
                if (storage.read(key(i)).isEmpty()) {
                    storage.write(
                            key(i),
                            content(),
                            CertificateStorage.ABSENT,
                            WriteTerms.none().expiringAt(expiry));
                }
            }
        }
        Files.createFile(done);
        return Duration.between(start, Instant.now());
    }

    private static void pageThrough(FileStorage storage, int records) throws IOException {
        int found = 0;
        ExpiringRecords page = storage.expiring(Kind.CHALLENGE, Instant.MAX, 1_000);
        while (true) {
            found += page.records().size();
            if (page.next().isEmpty()) {
                break;
            }
            page = storage.expiring(
                    Kind.CHALLENGE, Instant.MAX, 1_000, page.next().get());
        }
        if (found != records) {
            throw new IllegalStateException("found " + found + " of " + records);
        }
    }

    private static void requireSize(ExpiringRecords page, int size) {
        if (page.records().size() != size) {
            throw new IllegalStateException(page.records().size() + " records in a page of " + size);
        }
    }

    private static double[] writing(FileStorage storage) throws IOException {
        return times(WRITES, i -> {
            RecordKey key = RecordKey.certificate(ServerName.of("written" + i + ".example.com"));
            long version = storage.read(key).map(record -> record.version()).orElse(CertificateStorage.ABSENT);
            storage.write(key, content(), version, WriteTerms.none().expiringAt(FIRST_EXPIRY.plusSeconds(i)));
        });
    }

    private static double[] counting(FileStorage storage) throws IOException {
        Instant forgetAt = FIRST_EXPIRY.plus(Duration.ofDays(365));
        return times(WRITES, i -> storage.add(new CounterKey("orders", FIRST_EXPIRY), 1, forgetAt));
    }

    private static double[] leasing(FileStorage storage) throws IOException {
        IntFunction<String> resource = i -> "issue host" + i + ".example.com";
        return times(
                WRITES,
                i -> storage.release(storage.acquire(resource.apply(i), Duration.ofSeconds(30))
                        .orElseThrow()));
    }

    private static double[] times(int rounds, Operation operation) throws IOException {
        double[] milliseconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            operation.run(i);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        return milliseconds;
    }

    private static Result line(String what, String target, double[] sorted) {
        return Result.of(
                what + ": median, slowest of a hundred",
                target,
                "%.2f ms, %.2f ms",
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)]);
    }

    private static RecordKey key(int number) {
        return RecordKey.challenge("host" + number + ".example.com");
    }

    private static byte[] content() {
        byte[] content = new byte[CONTENT_BYTES];
        Arrays.fill(content, (byte) 'x');
        return content;
    }
}
