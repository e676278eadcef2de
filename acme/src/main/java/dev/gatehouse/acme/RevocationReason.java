package dev.gatehouse.acme;

/** Why a certificate is revoked: those reasons of RFC 5280, section 5.3.1, that ACME authorities take from subscribers. */
public enum RevocationReason {
    /** No reason is given. */
    UNSPECIFIED(0),
    /** The private key may be known to others. */
    KEY_COMPROMISE(1),
    /** What the certificate says of its subject has changed. */
    AFFILIATION_CHANGED(3),
    /** Another certificate has taken its place. */
    SUPERSEDED(4),
    /** The names are not served any more. */
    CESSATION_OF_OPERATION(5);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** {@return the code of RFC 5280} */
    public int code() {
        return code;
    }
}
