package dev.gatehouse.acme;

import dev.gatehouse.tls.SubjectName;
import java.time.Instant;
import java.util.Optional;

/**
 * How things stand with the certificate of a name. An immutable snapshot.
 *
 * @param name the name
 * @param state the state in one word
 * @param issuer who issued the certificate, if there is one
 * @param notAfter until when it is valid, if there is one
 * @param renewal when it will be replaced, and why then, if there is one
 * @param lastError why the last attempt failed or was refused, if it did
 * @param nextTry when the next attempt begins or may begin, after a failure or a refusal
 * @param lastUse when a client last asked for the name
 */
public record CertificateStatus(
        SubjectName name,
        State state,
        Optional<String> issuer,
        Optional<Instant> notAfter,
        Optional<Renewal> renewal,
        Optional<String> lastError,
        Optional<Instant> nextTry,
        Optional<Instant> lastUse) {

    /** The state in one word. */
    public enum State {
        /** A valid certificate is served. */
        VALID,
        /** The certificate has expired, and there is no new one yet. */
        EXPIRED,
        /** There is none yet; it is on its way. */
        ON_ITS_WAY,
        /** There is none; the last attempt failed, and the next one will come. */
        FAILING,
        /** There is none; the permission or a limit stands in the way. */
        REFUSED
    }

    /**
     * A planned replacement.
     *
     * @param at when it begins, at the earliest
     * @param reason why then
     */
    public record Renewal(Instant at, String reason) {}
}
