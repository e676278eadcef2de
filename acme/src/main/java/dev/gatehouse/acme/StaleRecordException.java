package dev.gatehouse.acme;

import java.io.IOException;

/** A record was not written because somebody else has written it since it was read. Read it again and decide anew. */
public final class StaleRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param key the record
     * @param expectedVersion the version that the writer had read
     * @param actualVersion the version that the record has
     */
    public StaleRecordException(RecordKey key, long expectedVersion, long actualVersion) {
        super(key + ": has version " + actualVersion + ", not " + expectedVersion
                + ". Somebody else has written it; read it again.");
    }
}
