package dev.gatehouse.benchmarks;

import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.source.CertificateSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How long a server takes to have its certificates ready when it starts. */
final class CredentialLoading {

    private CredentialLoading() {}

    static List<Result> measure(Path parent, int credentials) throws IOException {
        Instant beginning = Instant.now();
        CredentialFolder folder = CredentialFolder.in(parent, credentials);
        Duration preparing = Duration.between(beginning, Instant.now());
        folder.bringIntoPageCache();
        CertificateIndex index = CertificateIndex.create();
        Instant start = Instant.now();
        CertificateSource.directory(folder.folder()).load().forEach(index::add);
        Duration loading = Duration.between(start, Instant.now());
        requireLast(index, credentials);
        Duration readingOnly = folder.timeToReadOnly();
        return List.of(
                Result.of(
                        "Preparing " + credentials + " pairs of PEM files (0 if an earlier run has left them)",
                        "-",
                        "%.1f s",
                        preparing.toMillis() / 1000.0),
                Result.of(
                        "Loading " + credentials + " pairs of PEM files from a directory into an index",
                        credentials == 100_000 ? "< 8 s" : "-",
                        "%.1f s",
                        loading.toMillis() / 1000.0),
                Result.of(
                        "Of that, only reading the files, with as many threads as processors",
                        "-",
                        "%.1f s",
                        readingOnly.toMillis() / 1000.0),
                Result.of(
                        "Loading one pair, times the number of processors",
                        "< 160 µs",
                        "%.0f µs",
                        loading.toNanos()
                                * (double) Runtime.getRuntime().availableProcessors()
                                / 1000.0
                                / credentials));
    }

    private static void requireLast(CertificateIndex index, int credentials) {
        ClientHello last = ClientHello.of(ServerName.of(CredentialMemory.name(credentials - 1)));
        if (index.select(last).isEmpty()) {
            throw new IllegalStateException(last + " was not loaded");
        }
    }
}
