package dev.gatehouse.acme.dns;

import java.time.Instant;

/** Something that happened to the record of a DNS-01 challenge. Each has a log line beside it. */
public sealed interface Dns01Event {

    /** {@return the record it happened to} */
    ChallengeRecord record();

    /**
     * The provider has accepted the record.
     *
     * @param record the record
     */
    record Presented(ChallengeRecord record) implements Dns01Event {}

    /**
     * Adding the record failed with something that may pass; it is tried again.
     *
     * @param record the record
     * @param reason why, and what to do
     * @param nextTry when
     */
    record PresentRetried(ChallengeRecord record, String reason, Instant nextTry) implements Dns01Event {}

    /**
     * The servers show the record, and the certificate authority may look.
     *
     * @param report what each server said
     */
    record Propagated(PropagationReport report) implements Dns01Event {

        @Override
        public ChallengeRecord record() {
            return report.record();
        }
    }

    /**
     * Not all servers showed the record in time.
     *
     * @param report what each server said
     */
    record NotPropagated(PropagationReport report) implements Dns01Event {

        @Override
        public ChallengeRecord record() {
            return report.record();
        }
    }

    /**
     * The record was removed.
     *
     * @param record the record
     */
    record Removed(ChallengeRecord record) implements Dns01Event {}

    /**
     * Removing the record failed; it is tried again.
     *
     * @param record the record
     * @param reason why, and what to do
     * @param nextTry when
     */
    record RemovalRetried(ChallengeRecord record, String reason, Instant nextTry) implements Dns01Event {}

    /**
     * Removing the record was given up. It stays in the journal, and {@link Dns01Solver#removeLeftovers} tries again.
     *
     * @param record the record
     * @param reason why
     */
    record RemovalAbandoned(ChallengeRecord record, String reason) implements Dns01Event {}
}
