package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder with many pairs of PEM files, {@code NAME.crt} with leaf and intermediate and {@code NAME.key} in PKCS #8 with
 * its public half, as openssl writes it: a thousand pairs in each sub-folder. Made once, for it takes some time.
 *
 * @param folder where the sub-folders are
 * @param pairs how many there are
 */
record CredentialFolder(Path folder, int pairs) {

    private static final int PER_FOLDER = 1000;
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Uses what an earlier run has left in the parent, or makes it. */
    static CredentialFolder in(Path parent, int pairs) throws IOException {
        Path folder = parent.resolve("pem-" + pairs);
        Path complete = parent.resolve("pem-" + pairs + ".complete");
        CredentialFolder made = new CredentialFolder(folder, pairs);
        if (!Files.exists(complete)) {
            made.write();
            Files.createFile(complete);
        }
        return made;
    }

    /** Reads every file once, so that what is measured afterwards is not how fast the disk is. */
    void bringIntoPageCache() throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                try (InputStream content = Files.newInputStream(file)) {
                    content.readNBytes(buffer, 0, buffer.length);
                }
            }
        }
    }

    /** How long it takes to do nothing but read every file, with one thread for each processor. */
    Duration timeToReadOnly() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.filter(Files::isRegularFile).toList();
        }
        Instant start = Instant.now();
        long bytes = all.parallelStream().mapToLong(CredentialFolder::read).sum();
        if (bytes == 0) {
            throw new IllegalStateException(folder + " has nothing to read; delete that folder");
        }
        return Duration.between(start, Instant.now());
    }

    private static long read(Path file) {
        try {
            return Files.readAllBytes(file).length;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Path certificateChain(int number) {
        return subfolder(number).resolve(CredentialMemory.name(number) + ".crt");
    }

    Path privateKey(int number) {
        return subfolder(number).resolve(CredentialMemory.name(number) + ".key");
    }

    private Path subfolder(int number) {
        return folder.resolve(String.format("%03d", number / PER_FOLDER));
    }

    private void write() throws IOException {
        for (int number = 0; number < pairs; number += PER_FOLDER) {
            Files.createDirectories(subfolder(number));
        }
        BulkAuthority authority = BulkAuthority.create();
        IntStream.range(0, pairs).parallel().forEach(number -> {
            BulkAuthority.Issued issued = authority.issue(CredentialMemory.name(number));
            try {
                Files.writeString(
                        certificateChain(number),
                        pem("CERTIFICATE", issued.leaf()) + pem("CERTIFICATE", issued.intermediate()),
                        StandardCharsets.US_ASCII);
                Files.writeString(privateKey(number), pem("PRIVATE KEY", issued.pkcs8()), StandardCharsets.US_ASCII);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        });
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
