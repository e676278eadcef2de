package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.acme.internal.work.Alarms;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates that were issued while storage would not take them. They have cost an order, so they are served, and storing
 * them is tried again until it succeeds or a newer one is there. Bounded; safe for use by several threads.
 */
final class UnsavedCertificates {

    static final Duration PAUSE = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final int MAX = 1_000;

    private final CertificateArchive archive;
    private final InstantSource clock;
    private final Alarms alarms;
    private final Executor worker;
    private final Map<CertificatePlan, Unsaved> unsaved = new ConcurrentHashMap<>();
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    /**
     * A certificate that is not stored yet.
     *
     * @param credential the certificate
     * @param issuer who issued it
     */
    private record Unsaved(Credential credential, String issuer) {}

    UnsavedCertificates(CertificateArchive archive, InstantSource clock, Alarms alarms, Executor worker) {
        this.archive = archive;
        this.clock = clock;
        this.alarms = alarms;
        this.worker = worker;
    }

    void add(CertificatePlan plan, Credential credential, String issuer) {
        if (unsaved.size() >= MAX && !unsaved.containsKey(plan)) {
            log.warn(
                    "{}: its certificate is in memory only and is lost at a restart: {} others wait to be stored already."
                            + " Mend the storage.",
                    plan,
                    MAX);
            return;
        }
        unsaved.put(plan, new Unsaved(credential, issuer));
        schedule();
    }

    int size() {
        return unsaved.size();
    }

    /** Tries to store all of them once. Blocks. */
    void saveAll() {
        isScheduled.set(false);
        unsaved.forEach(this::save);
        if (!unsaved.isEmpty()) {
            schedule();
        }
    }

    private void save(CertificatePlan plan, Unsaved waiting) {
        Credential credential = waiting.credential();
        try {
            CertificateArchive.Entry present = archive.load(plan);
            boolean isNewer = present.validAt(clock.instant())
                    .filter(stored -> !stored.credential().notAfter().isBefore(credential.notAfter()))
                    .isPresent();
            if (!isNewer) {
                archive.store(plan.id(), credential, waiting.issuer(), present.version(), WriteTerms.none());
                log.info("{}: its certificate is stored at last", plan);
            }
            unsaved.remove(plan, waiting);
        } catch (IOException | RuntimeException still) {
            log.debug("{}: its certificate can still not be stored. {}", plan, still.getMessage());
        }
    }

    private void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            alarms.after(PAUSE, this::saveOnWorker);
        }
    }

    private void saveOnWorker() {
        try {
            worker.execute(this::saveAll);
        } catch (RejectedExecutionException closed) {
            log.debug("The manager is closed; {} certificates were not stored", unsaved.size());
        }
    }
}
