package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.Lease;
import dev.gatehouse.acme.LeaseLostException;
import dev.gatehouse.acme.internal.work.Alarms;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of a certificate while its order is under way. It is prolonged three times as often as need be; when this fails the
 * order goes on, and what it brings is stored only if the lease still holds then, which the storage checks.
 */
final class HeldLease {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private final CertificateId id;
    private final CertificateStorage storage;
    private final Duration length;
    private final Alarms alarms;
    private final Executor worker;

    private Lease lease;
    private boolean released;
    private Alarms.@Nullable Alarm alarm;

    private HeldLease(CertificateId id, Lease lease, PipelineTools tools) {
        this.id = id;
        this.lease = lease;
        this.storage = tools.context().storage();
        this.length = tools.leaseLength();
        this.alarms = tools.alarms();
        this.worker = tools.storageWorker();
    }

    /** Takes the lease of a certificate, or finds that another node has it. Blocks. */
    static Optional<HeldLease> take(CertificateId id, PipelineTools tools) throws IOException {
        Optional<Lease> taken = tools.context().storage().acquire("certificate " + id, tools.leaseLength());
        return taken.map(lease -> {
            HeldLease held = new HeldLease(id, lease, tools);
            held.setAlarm();
            return held;
        });
    }

    synchronized Lease current() {
        return lease;
    }

    /** Lets others order. Does not block. */
    void release() {
        synchronized (this) {
            released = true;
            if (alarm != null) {
                alarm.cancel();
            }
        }
        onWorker(this::giveBack);
    }

    private void giveBack() {
        try {
            storage.release(current());
        } catch (IOException unreachable) {
            log.info("{}: its lease could not be given back and ends by itself. {}", id, unreachable.getMessage());
        }
    }

    private synchronized void setAlarm() {
        if (!released) {
            alarm = alarms.after(length.dividedBy(3), () -> onWorker(this::prolong));
        }
    }

    private void prolong() {
        try {
            Lease prolonged = storage.renew(current(), length);
            synchronized (this) {
                lease = prolonged;
            }
            setAlarm();
        } catch (LeaseLostException lost) {
            log.warn("{}: another node has taken over its order. {}", id, lost.getMessage());
        } catch (IOException unreachable) {
            log.warn("{}: its lease could not be prolonged. {} It is tried again.", id, unreachable.getMessage());
            setAlarm();
        }
    }

    private void onWorker(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException closed) {
            log.debug("{}: its lease ends by itself, the manager is closed", id);
        }
    }
}
