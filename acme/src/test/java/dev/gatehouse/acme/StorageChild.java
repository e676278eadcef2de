package dev.gatehouse.acme;

import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A process that works on a storage and says what it is about to do and what it has done. It ends with its work, or when it
 * is killed.
 */
final class StorageChild {

    static final int WRITERS = 3;
    static final String LEASE = "work of the child";

    private static final CounterKey COUNTER = new CounterKey("shared", Instant.EPOCH);
    private static final Instant NEVER_FORGOTTEN = Instant.parse("9999-01-01T00:00:00Z");

    private StorageChild() {}

    /** Starts one: what to do, in which folder, with which seed. */
    static Process start(String work, Path folder, long seed) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                StorageChild.class.getName(),
                work,
                folder.toString(),
                String.valueOf(seed));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        long seed = Long.parseLong(args[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (FileStorage storage = FileStorage.at(folder)) {
            if (args[0].equals("increment")) {
                increment(storage, (int) seed);
            } else {
                workUntilKilled(storage, seed, out);
            }
        }
    }

    private static void increment(FileStorage storage, int times) throws IOException {
        RecordKey key = RecordKey.state("shared");
        int done = 0;
        while (done < times) {
            Optional<StoredRecord> seen = storage.read(key);
            int value = seen.map(record -> Integer.parseInt(new String(record.content(), StandardCharsets.US_ASCII)))
                    .orElse(0);
            try {
                storage.write(
                        key,
                        String.valueOf(value + 1).getBytes(StandardCharsets.US_ASCII),
                        seen.map(StoredRecord::version).orElse(0L));
                storage.add(COUNTER, 1, NEVER_FORGOTTEN);
                done++;
            } catch (StaleRecordException lost) {
                Thread.onSpinWait();
            }
        }
    }

    static long counted(FileStorage storage) throws IOException {
        return storage.counts(COUNTER.name(), Instant.EPOCH).getOrDefault(Instant.EPOCH, 0L);
    }

    private static void workUntilKilled(FileStorage storage, long seed, PrintStream out) throws Exception {
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            Thread thread = new Thread(() -> write(storage, writer, new Random(seed + writer), out));
            thread.setDaemon(true);
            thread.start();
        }
        while (true) {
            Optional<Lease> lease = storage.acquire(LEASE, Duration.ofHours(1));
            if (lease.isPresent()) {
                out.println("leased " + lease.get().fencingNumber());
                storage.release(lease.get());
            }
            storage.clean(RecordKey.Kind.CHALLENGE, Instant.now(), 10);
            storage.sweep(10);
        }
    }

    private static void write(FileStorage storage, int writer, Random random, PrintStream out) {
        try {
            while (true) {
                int number = random.nextInt(10);
                RecordKey key =
                        RecordKey.certificate(ServerName.of("host" + number + ".writer" + writer + ".example.com"));
                long version = storage.read(key).map(StoredRecord::version).orElse(0L);
                int marker = random.nextInt(1_000_000);
                if (version > 0 && random.nextInt(6) == 0) {
                    out.println("deleting " + key.name() + " " + version + " 0");
                    storage.delete(key, version);
                    out.println("deleted " + key.name() + " " + version + " 0");
                } else {
                    Instant expiry = Instant.now().plusSeconds(3600L * (1 + random.nextInt(100)));
                    out.println("writing " + key.name() + " " + version + " " + marker);
                    long written = storage.write(
                                    key,
                                    content(marker),
                                    version,
                                    WriteTerms.none().expiringAt(expiry))
                            .version();
                    out.println("written " + key.name() + " " + written + " " + marker);
                }
                storage.write(
                        RecordKey.challenge("token " + writer + " " + marker),
                        content(marker),
                        0,
                        WriteTerms.none().expiringAt(Instant.now()));
            }
        } catch (IOException failure) {
            out.println("failed " + failure);
        }
    }

    /** Content of a length and with bytes that the marker tells. */
    static byte[] content(int marker) {
        byte[] content = new byte[500 + marker % 150_000];
        new Random(marker).nextBytes(content);
        content[0] = (byte) (marker >> 16);
        content[1] = (byte) (marker >> 8);
        content[2] = (byte) marker;
        return content;
    }

    static int markerOf(byte[] content) {
        return (content[0] & 0xff) << 16 | (content[1] & 0xff) << 8 | content[2] & 0xff;
    }
}
