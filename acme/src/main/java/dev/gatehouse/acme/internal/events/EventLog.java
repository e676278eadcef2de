package dev.gatehouse.acme.internal.events;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the log line of each event: the name first, what to do last. Lines about names that may be mere inventions of
 * clients are limited to {@value #LINES} in a period.
 */
final class EventLog {

    static final int LINES = 100;
    static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(CertificateManager.class);

    private final InstantSource clock;
    private Instant periodEnds = Instant.MIN;
    private int linesInPeriod;
    private long leftOut;

    EventLog(InstantSource clock) {
        this.clock = clock;
    }

    void write(CertificateEvent event) {
        EventLines.Line line = EventLines.of(event);
        if (log.isEnabledForLevel(line.level()) && (!isOfPerhapsInventedName(event) || enter())) {
            log.atLevel(line.level()).log("{}: {}", event.name(), line.text().apply(event));
        }
    }

    private static boolean isOfPerhapsInventedName(CertificateEvent event) {
        return event instanceof CertificateEvent.Denied || event instanceof CertificateEvent.Limited;
    }

    private synchronized boolean enter() {
        Instant now = clock.instant();
        if (!now.isBefore(periodEnds)) {
            if (leftOut > 0) {
                log.warn("{} more names were refused whose lines were left out.", leftOut);
            }
            periodEnds = now.plus(PERIOD);
            linesInPeriod = 0;
            leftOut = 0;
        }
        if (linesInPeriod >= LINES) {
            leftOut++;
            return false;
        }
        linesInPeriod++;
        return true;
    }
}
