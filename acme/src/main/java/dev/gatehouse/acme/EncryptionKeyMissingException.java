package dev.gatehouse.acme;

import java.io.IOException;
import java.util.List;

/** A record is encrypted with a key that the storage was not given. The record is left as it is. */
public final class EncryptionKeyMissingException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param key the record
     * @param keyId the id of the key that it is encrypted with
     * @param known the ids of the keys that there are
     */
    public EncryptionKeyMissingException(RecordKey key, String keyId, List<String> known) {
        super(key + ": is encrypted with key " + keyId + ", but "
                + (known.isEmpty() ? "there are no encryption keys" : "the encryption keys are " + known)
                + ". Add that key behind the others; the record was left as it is.");
    }
}
