package dev.gatehouse.tls;

import java.util.Objects;

/**
 * One thing that a strict peer holds against a certificate.
 *
 * @param kind what is wrong, for programs
 * @param message what is wrong with which value and what to do about it, for people; nothing secret
 */
public record AuditFinding(Kind kind, String message) {

    /**
     * Makes a finding.
     *
     * @param kind what is wrong
     * @param message the sentence for people
     */
    public AuditFinding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
    }

    /** {@return what a strict peer makes of it} */
    public Severity severity() {
        return kind.severity;
    }

    /** {@return severity, kind and message in one line} */
    @Override
    public String toString() {
        return severity() + " " + kind + ": " + message;
    }

    /** What a strict peer makes of a finding. */
    public enum Severity {
        /** The handshake fails. */
        REFUSED,
        /** Lenient peers connect, others do not. */
        RISKY
    }

    /** What can be wrong. */
    public enum Kind {
        /** None of the subject alternative names covers a host. */
        HOST_NOT_COVERED(Severity.REFUSED),
        /** The validity of the leaf, or of one of its issuers, is over. */
        EXPIRED(Severity.REFUSED),
        /** The validity of the leaf, or of one of its issuers, has not begun. */
        NOT_YET_VALID(Severity.REFUSED),
        /** An issuer between the last certificate and a trust anchor is missing. */
        CHAIN_INCOMPLETE(Severity.REFUSED),
        /** The chain ends in a root that is not a trust anchor. */
        UNTRUSTED_ROOT(Severity.REFUSED),
        /** The certificates do not go from the leaf to its issuers (RFC 5246, section 7.4.2). */
        CHAIN_OUT_OF_ORDER(Severity.RISKY),
        /** A certificate that does not belong to the chain, or is in it twice. */
        STRANGER_IN_CHAIN(Severity.RISKY),
        /** The leaf is its own issuer. */
        SELF_SIGNED_LEAF(Severity.REFUSED),
        /** RSA below 2048 bits, a curve below 256 bits, or a kind of key that TLS does not use any more. */
        WEAK_KEY(Severity.REFUSED),
        /** A signature over SHA-1 or MD5. */
        WEAK_SIGNATURE(Severity.REFUSED),
        /** The private key is not that of the certificate. */
        KEY_MISMATCH(Severity.REFUSED),
        /** The leaf lives longer than the peer allows. */
        LIFETIME_TOO_LONG(Severity.REFUSED),
        /** The extended key usage does not allow server authentication (RFC 5280, section 4.2.1.12). */
        SERVER_AUTH_MISSING(Severity.REFUSED),
        /** The leaf is the certificate of an authority (RFC 5280, section 4.2.1.9). */
        CA_AS_LEAF(Severity.REFUSED);

        private final Severity severity;

        Kind(Severity severity) {
            this.severity = severity;
        }
    }
}
