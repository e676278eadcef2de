package dev.gatehouse.acme.dns;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The answer to one DNS-01 challenge, from the first look-up until its record is gone. Safe for use by several threads;
 * nothing blocks. Stages complete on workers of the solver.
 */
public interface Dns01Publication {

    /**
     * Tells when the certificate authority may look.
     *
     * @return completes with what each server said, or fails with a {@link Dns01Exception}, or with a
     *     {@link java.util.concurrent.CancellationException} if it was withdrawn before; after a failure the record is
     *     removed without further ado
     */
    CompletionStage<PropagationReport> ready();

    /** {@return the record, as soon as it is known where it goes} */
    Optional<ChallengeRecord> record();

    /**
     * Removes the record. Call it when the certificate authority has looked, and when the order is given up; it may come
     * at any time, and more than once.
     *
     * @return completes, never with a failure, when the record is gone, is still needed by another order, or its removal
     *     was given up. Nobody has to wait for it
     */
    CompletionStage<Void> withdraw();
}
