package dev.gatehouse.acme;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to the certificate of a name. For one name the events come in the order in which things
 * happened. Each has a log line beside it.
 */
public sealed interface CertificateEvent {

    /** {@return the name it happened to} */
    ServerName name();

    /**
     * A certificate was found in storage and is served.
     *
     * @param name the name
     * @param credential the certificate
     */
    record Loaded(ServerName name, Credential credential) implements CertificateEvent {}

    /**
     * The permission is being asked.
     *
     * @param name the name
     */
    record Asked(ServerName name) implements CertificateEvent {}

    /**
     * The permission allows a certificate.
     *
     * @param name the name
     * @param reason why
     */
    record Permitted(ServerName name, String reason) implements CertificateEvent {}

    /**
     * No certificate was ordered.
     *
     * @param name the name
     * @param step which step refused
     * @param reason why, and what to do
     * @param nextTry from when on it may be otherwise, if that is known
     */
    record Refused(ServerName name, Step step, String reason, Optional<Instant> nextTry) implements CertificateEvent {}

    /**
     * An order was placed.
     *
     * @param name the name
     * @param order where it is at the certificate authority
     */
    record Ordered(ServerName name, URI order) implements CertificateEvent {}

    /**
     * The answer to a challenge is published, and the certificate authority was told to look.
     *
     * @param name the name
     * @param challengeType such as {@code http-01}
     */
    record ChallengePublished(ServerName name, String challengeType) implements CertificateEvent {}

    /**
     * The certificate authority accepts the answer to a challenge.
     *
     * @param name the name
     * @param challengeType such as {@code http-01}
     */
    record ChallengeValidated(ServerName name, String challengeType) implements CertificateEvent {}

    /**
     * A certificate was issued, stored, and is served.
     *
     * @param name the name
     * @param credential the certificate
     * @param elapsed how long it took, from the first handshake on
     */
    record Issued(ServerName name, Credential credential, Duration elapsed) implements CertificateEvent {}

    /**
     * An attempt failed.
     *
     * @param name the name
     * @param step which step failed
     * @param reason why, and what to do
     * @param nextTry when the next attempt may begin
     */
    record Failed(ServerName name, Step step, String reason, Instant nextTry) implements CertificateEvent {}

    /** The steps on the way of a name that can refuse or fail. */
    enum Step {
        /** The certificate is looked for in storage. */
        STORAGE,
        /** The permission is asked. */
        PERMISSION,
        /** The limits are checked. */
        LIMITS,
        /** The certificate is ordered. */
        ORDER,
        /** The certificate is stored. */
        STORE
    }
}
