package dev.gatehouse.tls;

/**
 * Says why a {@link CertificateResolver} has no credential for a name. A stage that completes with it refuses the handshake
 * as an empty answer does, and the message becomes the reason in the log line and in {@link HandshakeRefused}.
 *
 * <p>It tells of a decision, not of a fault in the program, and may be made for every stranger that knocks: it has no stack
 * trace.
 */
public final class NoCertificateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param reason what was decided and what to do, one sentence for people without the server name
     */
    public NoCertificateException(String reason) {
        super(reason, null, false, false);
    }
}
