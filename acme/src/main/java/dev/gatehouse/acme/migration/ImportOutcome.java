package dev.gatehouse.acme.migration;

/** What becomes of something that was found. */
public enum ImportOutcome {

    /** It is new to the storage, and written. */
    IMPORTED,

    /** It is written in place of something that lives less long, or cannot be used. */
    REPLACED,

    /** The storage has the same already. */
    UNCHANGED,

    /** The storage has another that lives at least as long, or another account that is in use: that is kept. */
    KEPT_EXISTING,

    /** The same folder has a better one for the same names, or a preferred account at the same authority. */
    SUPERSEDED,

    /** It is a certificate whose validity is over. */
    EXPIRED,

    /** It is a certificate whose validity has not begun, by the clock of this machine. */
    NOT_YET_VALID,

    /** It is a certificate of an authority's staging service, which no client trusts. */
    STAGING,

    /** It is an account at an authority that the folder does not name. */
    UNKNOWN_DIRECTORY,

    /** The certificate or the private key is missing. */
    INCOMPLETE,

    /** The private key is not that of the certificate. */
    KEY_MISMATCH,

    /** Its content is not what it should be, or cannot be used. */
    DAMAGED,

    /** The file or folder cannot be read, is too large, or is a link that leads out of the folder. */
    UNREADABLE,

    /** The storage could not be read or written. */
    FAILED;

    /** {@return whether it is written to the storage} */
    public boolean isWritten() {
        return this == IMPORTED || this == REPLACED;
    }

    /** {@return whether somebody should look into it: something was found and is neither in the storage nor outlived} */
    public boolean isProblem() {
        return switch (this) {
            case IMPORTED, REPLACED, UNCHANGED, KEPT_EXISTING, SUPERSEDED, EXPIRED -> false;
            case NOT_YET_VALID, STAGING, UNKNOWN_DIRECTORY, INCOMPLETE, KEY_MISMATCH, DAMAGED, UNREADABLE, FAILED ->
                true;
        };
    }
}
