package dev.gatehouse.acme;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that happened to the certificate of a name. For one name the events come in the order in which things
 * happened. Each has a log line beside it.
 *
 * <p>More kinds may be added: whoever distinguishes them leaves a way for those that it does not know.
 */
public sealed interface CertificateEvent {

    /** {@return the name it happened to} */
    SubjectName name();

    /**
     * A certificate was found in storage and is served.
     *
     * @param name the name
     * @param credential the certificate
     */
    record Loaded(SubjectName name, Credential credential) implements CertificateEvent {}

    /**
     * The permission is being asked. Answers that are remembered are not asked for.
     *
     * @param name the name
     */
    record Asked(SubjectName name) implements CertificateEvent {}

    /**
     * The permission allows a certificate.
     *
     * @param name the name
     * @param reason why
     */
    record Permitted(SubjectName name, String reason) implements CertificateEvent {}

    /**
     * The permission does not allow a certificate, or could not say. A certificate that is valid is served on.
     *
     * @param name the name
     * @param verdict denied or unknown
     * @param reason why
     * @param askedAgain from when on it will be asked again
     * @param servedUntil the end of the certificate that is served all the same, if there is a valid one
     */
    record Denied(
            SubjectName name,
            PermissionDecision.Verdict verdict,
            String reason,
            Instant askedAgain,
            Optional<Instant> servedUntil)
            implements CertificateEvent {}

    /**
     * A limit stands in the way of an order: one of ours, or one of the certificate authority that we keep to.
     *
     * @param name the name
     * @param limit which limit, by the name of its setting
     * @param reason what is used up, and what to do
     * @param freesAt from when on there is room again
     */
    record Limited(SubjectName name, String limit, String reason, Instant freesAt) implements CertificateEvent {}

    /**
     * The look before an order has found something that makes it fail, or may do so.
     *
     * @param name the name
     * @param findings what is wrong and what to do, each a sentence
     * @param isOrdered whether an order is placed all the same
     */
    record PreflightFindings(SubjectName name, List<String> findings, boolean isOrdered) implements CertificateEvent {

        /**
         * Copies the list.
         *
         * @param name the name
         * @param findings what is wrong and what to do
         * @param isOrdered whether an order is placed all the same
         */
        public PreflightFindings {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Another node is ordering the same certificate; this one waits for what it gets.
     *
     * @param name the name
     */
    record OrderedElsewhere(SubjectName name) implements CertificateEvent {}

    /**
     * The first certificate of a name is being ordered.
     *
     * @param name the name
     * @param issuer who shall issue it
     */
    record Ordering(SubjectName name, String issuer) implements CertificateEvent {}

    /**
     * A certificate is being ordered in the place of an earlier one.
     *
     * @param name the name
     * @param issuer who shall issue it
     * @param previousNotAfter until when the earlier one is valid
     * @param reason why now
     */
    record Renewing(SubjectName name, String issuer, Instant previousNotAfter, String reason)
            implements CertificateEvent {}

    /**
     * An order was placed.
     *
     * @param name the name
     * @param order where it is at the certificate authority
     */
    record Ordered(SubjectName name, URI order) implements CertificateEvent {}

    /**
     * An issuer did not issue, and the next one is asked.
     *
     * @param name the name
     * @param issuer who did not issue
     * @param reason what it said, or why it was not asked, whole sentences
     * @param next who is asked now
     */
    record FellBack(SubjectName name, String issuer, String reason, String next) implements CertificateEvent {}

    /**
     * An order is being rehearsed, since the last validation at the issuer has failed. Its certificate is thrown away.
     *
     * @param name the name
     * @param issuer where it is rehearsed
     */
    record Rehearsing(SubjectName name, String issuer) implements CertificateEvent {}

    /**
     * A rehearsal has succeeded. Its certificate was thrown away, and the order is placed at the issuer proper.
     *
     * @param name the name
     * @param issuer where it was rehearsed
     * @param next where it is ordered now
     */
    record Rehearsed(SubjectName name, String issuer, String next) implements CertificateEvent {}

    /**
     * The answer to a challenge is published, and the certificate authority was told to look.
     *
     * @param name the name that is validated, which may be another than that of the certificate
     * @param challengeType such as {@code http-01}
     */
    record ChallengePublished(SubjectName name, String challengeType) implements CertificateEvent {}

    /**
     * The certificate authority accepts the answer to a challenge.
     *
     * @param name the name that is validated
     * @param challengeType such as {@code http-01}
     */
    record ChallengeValidated(SubjectName name, String challengeType) implements CertificateEvent {}

    /**
     * A challenge did not work. If another type is possible it is tried next.
     *
     * @param name the name that is validated
     * @param challengeType such as {@code http-01}
     * @param reason why, and what to do
     */
    record ChallengeFailed(SubjectName name, String challengeType, String reason) implements CertificateEvent {}

    /**
     * The first certificate of a name was issued and is served.
     *
     * @param name the name
     * @param issuer who issued it
     * @param credential the certificate
     * @param elapsed how long it took, from the first handshake on
     */
    record Issued(SubjectName name, String issuer, Credential credential, Duration elapsed)
            implements CertificateEvent {}

    /**
     * A certificate was issued in the place of an earlier one and is served.
     *
     * @param name the name
     * @param issuer who issued it
     * @param credential the certificate
     * @param elapsed how long it took
     */
    record Renewed(SubjectName name, String issuer, Credential credential, Duration elapsed)
            implements CertificateEvent {}

    /**
     * An attempt failed.
     *
     * @param name the name
     * @param step which step failed
     * @param reason why, and what to do
     * @param nextTry when the next attempt may begin
     */
    record Failed(SubjectName name, Step step, String reason, Instant nextTry) implements CertificateEvent {}

    /**
     * A certificate is not valid any more. It is being replaced if the policy allows.
     *
     * @param name the name
     * @param notAfter until when it was valid
     */
    record Expired(SubjectName name, Instant notAfter) implements CertificateEvent {}

    /**
     * An expired certificate was shown to a client, since there is no other.
     *
     * @param name the name
     * @param notAfter until when it was valid
     * @param reason why there is no other
     */
    record ServedStale(SubjectName name, Instant notAfter, String reason) implements CertificateEvent {}

    /**
     * A certificate left memory to make room for others that are used more. It is still in storage.
     *
     * @param name the name
     * @param lastUse when it was last shown, if ever
     */
    record Evicted(SubjectName name, Optional<Instant> lastUse) implements CertificateEvent {}

    /**
     * The record of a certificate cannot be used. It was set aside, and the certificate is issued anew.
     *
     * @param name the name
     * @param reason what is wrong, and where the record is now
     */
    record DamagedRecord(SubjectName name, String reason) implements CertificateEvent {}

    /**
     * The authority has suggested when a certificate is to be replaced, or has changed its mind (RFC 9773).
     *
     * @param name the name
     * @param at when
     * @param reason why then, a clause
     */
    record RenewalPlanned(SubjectName name, Instant at, String reason) implements CertificateEvent {}

    /**
     * A certificate is not replaced though its time has come. It is served until it expires.
     *
     * @param name the name
     * @param notAfter until when it is valid
     * @param reason why, a clause
     */
    record NotRenewed(SubjectName name, Instant notAfter, String reason) implements CertificateEvent {}

    /**
     * A certificate has expired and is not served any more, for the name is not to have another one.
     *
     * @param name the name
     * @param notAfter until when it was valid
     * @param reason why, a clause
     */
    record Dropped(SubjectName name, Instant notAfter, String reason) implements CertificateEvent {}

    /**
     * A name could not be validated, so that the certificate with several names goes on without it. It is tried alone, and
     * comes back to the others when it works.
     *
     * @param name the name that goes alone
     * @param group the name under which the others go
     * @param reason what the authority said
     */
    record SplitOff(SubjectName name, SubjectName group, String reason) implements CertificateEvent {}

    /**
     * A certificate was revoked by hand.
     *
     * @param name the name
     * @param notAfter until when it would have been valid
     * @param reason why
     * @param isReplaced whether another certificate has taken its place before; else its record was deleted
     */
    record Revoked(SubjectName name, Instant notAfter, RevocationReason reason, boolean isReplaced)
            implements CertificateEvent {}

    /** The steps on the way of a name that can refuse or fail. */
    enum Step {
        /** The certificate is looked for in storage. */
        STORAGE,
        /** The permission is asked. */
        PERMISSION,
        /** The limits are checked. */
        LIMITS,
        /** It is checked whether an order can succeed. */
        PREFLIGHT,
        /** The certificate is ordered. */
        ORDER,
        /** The certificate is stored. */
        STORE
    }
}
