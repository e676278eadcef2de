package dev.gatehouse.micrometer;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateStatistics;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One look at the manager for all gauges that are read together. */
final class CachedStatistics {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final CertificateManager manager;
    private @Nullable CertificateStatistics last;
    private long lastNanoTime;

    CachedStatistics(CertificateManager manager) {
        this.manager = manager;
    }

    synchronized CertificateStatistics get() {
        CertificateStatistics known = last;
        if (known != null && System.nanoTime() - lastNanoTime < FRESH_NANOS) {
            return known;
        }
        CertificateStatistics read = manager.statistics();
        last = read;
        lastNanoTime = System.nanoTime();
        return read;
    }
}
