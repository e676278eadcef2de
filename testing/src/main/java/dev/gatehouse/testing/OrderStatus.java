package dev.gatehouse.testing;

/** Where an order is in its life (RFC 8555 section 7.1.6). */
public enum OrderStatus {
    /** Some authorization still has to be proved. */
    PENDING("pending"),
    /** Every authorization is valid; the server waits for the certificate signing request. */
    READY("ready"),
    /** The certificate signing request was accepted and the certificate is being made. */
    PROCESSING("processing"),
    /** The certificate can be downloaded. */
    VALID("valid"),
    /** A validation failed, an authorization was given up, or the order expired. */
    INVALID("invalid");

    private final String token;

    OrderStatus(String token) {
        this.token = token;
    }

    /** {@return the word that RFC 8555 uses for it on the wire, such as {@code ready}} */
    public String token() {
        return token;
    }
}
