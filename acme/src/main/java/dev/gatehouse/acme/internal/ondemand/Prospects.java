package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.internal.work.Agenda;
import dev.gatehouse.acme.internal.work.Alarms;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All certificates that are known, with what lies ahead of each, in one agenda. About two hundred bytes each, wherever the
 * certificate is. Safe for use by several threads.
 */
final class Prospects {

    private static final Logger log = LoggerFactory.getLogger(CertificatePipeline.class);

    private static final int MAX = 500_000;
    private static final int MAX_AT_WORK = 24;

    private final ConcurrentNavigableMap<CertificateId, Prospect> byId = new ConcurrentSkipListMap<>();
    private final AtomicInteger postponed = new AtomicInteger();
    private final Agenda<CertificateId> agenda;

    /** With what begins the work for a certificate that is due, without blocking; {@link #done} ends it. */
    Prospects(InstantSource clock, Alarms alarms, Consumer<CertificateId> work) {
        this.agenda = new Agenda<>(clock, alarms, MAX, MAX_AT_WORK, work);
    }

    Optional<Prospect> find(CertificateId id) {
        return Optional.ofNullable(byId.get(id));
    }

    ConcurrentNavigableMap<CertificateId, Prospect> inOrder() {
        return byId;
    }

    /** How many wait for the authority's limits. */
    int postponed() {
        return postponed.get();
    }

    Optional<Instant> timeOf(CertificateId id) {
        return agenda.timeOf(id);
    }

    /** Knows a certificate, without a time at which something is to be done. */
    void enter(Prospect prospect) {
        count(byId.put(prospect.id(), prospect), prospect);
    }

    /** Knows a certificate, and when something is to be done about it. */
    void put(Prospect prospect, Instant next) {
        enter(prospect);
        schedule(prospect.id(), next);
    }

    /** The same, unless something else was found out meanwhile; whoever did so has set the time. */
    void replace(Prospect before, Prospect after, Instant next) {
        if (byId.replace(before.id(), before, after)) {
            count(before, after);
            schedule(after.id(), next);
        }
    }

    /** Sets a time for a certificate that has none. */
    void ensureTime(CertificateId id, Instant next) {
        if (byId.containsKey(id) && agenda.timeOf(id).isEmpty()) {
            schedule(id, next);
        }
    }

    void remove(CertificateId id) {
        count(byId.remove(id), null);
        agenda.remove(id);
    }

    void done() {
        agenda.done();
    }

    void close() {
        agenda.close();
    }

    private void schedule(CertificateId id, Instant next) {
        agenda.put(id, next).ifPresent(leftOut -> {
            count(byId.remove(leftOut), null);
            log.warn("{}: not renewed by this node, {} other certificates are due earlier.", leftOut, MAX);
        });
    }

    private void count(@Nullable Prospect before, @Nullable Prospect after) {
        postponed.addAndGet(isPostponed(after) - isPostponed(before));
    }

    private static int isPostponed(@Nullable Prospect prospect) {
        return prospect != null
                        && prospect.failure()
                                .filter(refusal -> refusal.kind() == Refusal.Kind.POSTPONED)
                                .isPresent()
                ? 1
                : 0;
    }
}
