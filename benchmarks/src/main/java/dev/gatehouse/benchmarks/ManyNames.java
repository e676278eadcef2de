package dev.gatehouse.benchmarks;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * A server with very many managed names in its storage: how long from its start to the first page, and how much memory it takes when
 * every name has been visited. The storage is filled once; an earlier run leaves it in the folder.
 */
final class ManyNames {

    private ManyNames() {}

    static List<Result> measure(Path parent, int names) throws IOException {
        Path folder = parent.resolve("names-" + names);
        Path complete = parent.resolve("names-" + names + ".complete");
        if (!Files.exists(complete)) {
            fill(folder, names);
            Files.createFile(complete);
        }
        long before = usedHeap();
        long start = System.nanoTime();
        try (CertificateManager manager = manager(folder, names)) {
            visit(manager, names / 2).join();
            double firstPage = (System.nanoTime() - start) / 1e9;
            visitAll(manager, names);
            double allPages = (System.nanoTime() - start) / 1e9;
            long used = usedHeap() - before;
            Reference.reachabilityFence(manager);
            return List.of(
                    Result.of(
                            names
                                    + " managed names in `FileStorage`: from the start of the server to the first certificate",
                            "< 5 s",
                            "%.2f s",
                            firstPage),
                    Result.of(
                            names + " managed names in `FileStorage`: until each was asked for once",
                            "-",
                            "%.1f s",
                            allPages),
                    Result.of(
                            names + " names: heap of the manager with all their certificates and states in memory",
                            "< 400 MB",
                            "%d MB",
                            used >> 20));
        }
    }

    /** Writes what issuing would have written, by several threads, since each write is forced to the disk. */
    private static void fill(Path folder, int names) {
        BulkAuthority authority = BulkAuthority.create();
        ExecutorService writers = Executors.newFixedThreadPool(16);
        try (FileStorage storage = FileStorage.at(folder)) {
            List<CompletableFuture<Void>> writing = IntStream.range(0, names)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> write(storage, authority, i), writers))
                    .toList();
            writing.forEach(CompletableFuture::join);
        } finally {
            writers.shutdown();
        }
    }

    private static void write(FileStorage storage, BulkAuthority authority, int number) {
        ServerName name = ServerName.of(CredentialMemory.name(number));
        Credential credential = authority.issue(name.value()).credential();
        try {
            storage.write(
                    RecordKey.certificate(name),
                    StoredCertificate.encode(credential, "benchmark", Instant.now()),
                    CertificateStorage.ABSENT,
                    WriteTerms.none().expiringAt(credential.notAfter()));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static CertificateManager manager(Path folder, int names) {
        CertificateStorage storage = FileStorage.at(folder);
        return CertificateManager.builder()
                .storage(storage)
                .issuer(new NoIssuer())
                .manage(IntStream.range(0, names)
                        .mapToObj(CredentialMemory::name)
                        .toArray(String[]::new))
                .maxInMemory(1_000_000)
                .build();
    }

    /** Five hundred at once. */
    private static void visitAll(CertificateManager manager, int names) {
        for (int from = 0; from < names; from += 500) {
            List<CompletableFuture<?>> visits = new ArrayList<>();
            for (int i = from; i < Math.min(from + 500, names); i++) {
                visits.add(visit(manager, i));
            }
            visits.forEach(CompletableFuture::join);
        }
    }

    private static CompletableFuture<?> visit(CertificateManager manager, int number) {
        ServerName name = ServerName.of(CredentialMemory.name(number));
        return manager.resolve(ClientHello.of(name)).toCompletableFuture();
    }

    /** What is in storage must not be issued again. */
    private static final class NoIssuer implements Issuer {

        @Override
        public String identity() {
            return "benchmark";
        }

        @Override
        public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
            return CompletableFuture.failedFuture(
                    new IssuanceException(request.subject() + " is not in storage.", null));
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int steady = 0; steady < 3; steady++) {
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            if (used < least) {
                least = used;
                steady = 0;
            }
        }
        return least;
    }
}
