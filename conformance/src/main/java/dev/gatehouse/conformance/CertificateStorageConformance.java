package dev.gatehouse.conformance;

import dev.gatehouse.acme.CertificateStorage;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link CertificateStorage} owes the certificate manager. A test of an implementation extends this.
 *
 * <p>JUnit makes a new instance for each case, and runs those of one class one after the other on its thread.
 */
public abstract class CertificateStorageConformance {

    /** For subclasses. */
    protected CertificateStorageConformance() {}

    /**
     * Opens a storage. Called several times within one case, it opens the same contents again, as another node would; for
     * each case the contents are empty at first. The suite closes what it has opened.
     *
     * @param clock by which the storage is to judge what has expired; safe for use by several threads
     * @return the storage
     * @throws Exception if it cannot be opened; fails the case
     */
    protected abstract CertificateStorage open(InstantSource clock) throws Exception;

    /** Records and their versions. */
    @Nested
    class Records extends RecordCases {
        Records() {
            super(CertificateStorageConformance.this);
        }
    }

    /** Leases and writes that are fenced by them. */
    @Nested
    class Leases extends LeaseCases {
        Leases() {
            super(CertificateStorageConformance.this);
        }
    }

    /** Finding and cleaning what expires. */
    @Nested
    class Expiry extends ExpiryCases {
        Expiry() {
            super(CertificateStorageConformance.this);
        }
    }

    /** Counters. */
    @Nested
    class Counters extends CounterCases {
        Counters() {
            super(CertificateStorageConformance.this);
        }
    }

    /** Sizes, names, and the end. */
    @Nested
    class Limits extends LimitCases {
        Limits() {
            super(CertificateStorageConformance.this);
        }
    }
}
