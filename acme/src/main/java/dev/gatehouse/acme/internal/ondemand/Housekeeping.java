package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.StorageCleaner;
import dev.gatehouse.acme.internal.work.Alarms;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cleans the storage, a step now and a step then. */
final class Housekeeping {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final StorageCleaner cleaner;
    private final Alarms alarms;
    private final Executor worker;

    Housekeeping(StorageCleaner cleaner, Alarms alarms, Executor worker) {
        this.cleaner = cleaner;
        this.alarms = alarms;
        this.worker = worker;
    }

    void nextAfter(Duration delay) {
        alarms.after(delay, () -> {
            try {
                worker.execute(() -> nextAfter(cleaner.step()));
            } catch (RejectedExecutionException closed) {
                log.debug("{}: it ends, the manager is closed", cleaner);
            }
        });
    }
}
