package dev.gatehouse.conformance;

import dev.gatehouse.acme.CertificateStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the cases share: a clock that stands until it is moved, and storages that are closed after each case. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class StorageCases {

    static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    private final CertificateStorageConformance suite;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<CertificateStorage> opened = new ArrayList<>();

    StorageCases(CertificateStorageConformance suite) {
        this.suite = suite;
    }

    CertificateStorage open() throws Exception {
        InstantSource clock = now::get;
        CertificateStorage storage = suite.open(clock);
        opened.add(storage);
        return storage;
    }

    Instant now() {
        return now.get();
    }

    void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Runs work on many threads that begin at once, and returns what each has returned. */
    static <T> List<T> atOnce(int threads, IntFunction<Callable<T>> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Callable<T> mine = work.apply(i);
                futures.add(executor.submit(() -> {
                    start.await();
                    return mine.call();
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @AfterEach
    void closeAll() {
        opened.forEach(CertificateStorage::close);
    }
}
