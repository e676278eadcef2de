package dev.gatehouse.acme;

import java.io.IOException;

/**
 * A record could not be read because its bytes are not those that were written. It was set aside, so the next read finds
 * none and it can be made anew.
 */
public final class DamagedRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param key the record
     * @param problem what is wrong with it, such as "its checksum does not fit its content"
     * @param keptAs where the damaged bytes are now, for a person who wants to look at them
     */
    public DamagedRecordException(RecordKey key, String problem, String keptAs) {
        super(key + ": the stored record is damaged, " + problem + ". It was set aside as " + keptAs
                + " and will be made anew.");
    }
}
