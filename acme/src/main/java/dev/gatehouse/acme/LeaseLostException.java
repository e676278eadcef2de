package dev.gatehouse.acme;

import java.io.IOException;

/**
 * A lease is not held any more: it expired and somebody else took it, or it was released. Stop the work that it was taken
 * for; the new holder does it.
 */
public final class LeaseLostException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param lease the lease that was lost
     * @param how what became of it, such as "it was released"
     */
    public LeaseLostException(Lease lease, String how) {
        super(lease.resource() + ": lease " + lease.fencingNumber() + " of " + lease.owner() + " is lost, " + how
                + ". Leave the work to its holder.");
    }
}
