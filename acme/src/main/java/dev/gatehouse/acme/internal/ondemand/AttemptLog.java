package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.tls.SubjectName;
import java.util.ArrayList;
import java.util.List;

/**
 * What one attempt at an issuer has cost beyond its last order. After a failed challenge another order is placed for the next
 * type, and the authority counts each of them, and each validation that failed. Safe for use by several threads.
 */
final class AttemptLog {

    private final List<SubjectName> failedNow = new ArrayList<>();
    private final List<SubjectName> failedEarlier = new ArrayList<>();
    private int orders;

    synchronized void note(CertificateEvent event) {
        if (event instanceof CertificateEvent.Ordered) {
            orders++;
            failedEarlier.addAll(failedNow);
            failedNow.clear();
        } else if (event instanceof CertificateEvent.ChallengeFailed failed) {
            failedNow.add(failed.name());
        }
    }

    /** How many orders came before the last one. */
    synchronized int earlierOrders() {
        return Math.max(0, orders - 1);
    }

    /** The names that could not be validated in those orders, once for each time. */
    synchronized List<SubjectName> failedEarlier() {
        return List.copyOf(failedEarlier);
    }
}
