package dev.gatehouse.tls;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The alerts (RFC 8446, section 6) by which a server ends a handshake before there is an engine that would send them.
 * All of them are fatal: the connection is closed after one.
 */
public enum TlsAlert {
    /** A message or record that is out of place. */
    UNEXPECTED_MESSAGE(10),
    /** A record of more than 2^14 bytes. */
    RECORD_OVERFLOW(22),
    /** Nothing that both sides can do. */
    HANDSHAKE_FAILURE(40),
    /** A value that is well encoded but not allowed. */
    ILLEGAL_PARAMETER(47),
    /** A message that cannot be decoded. */
    DECODE_ERROR(50),
    /** A protocol version that the server does not speak. */
    PROTOCOL_VERSION(70),
    /** A failure of the server, such as a certificate that did not arrive in time. */
    INTERNAL_ERROR(80),
    /** No server has the requested name (RFC 6066, section 3). */
    UNRECOGNIZED_NAME(112),
    /** No application protocol that both sides speak (RFC 7301). */
    NO_APPLICATION_PROTOCOL(120);

    private static final byte CONTENT_TYPE = 21;
    private static final byte FATAL = 2;

    private final int code;

    TlsAlert(int code) {
        this.code = code;
    }

    /** {@return the {@code AlertDescription} on the wire} */
    public int code() {
        return code;
    }

    /**
     * Makes the seven bytes of an unencrypted record that carries the alert, as it is sent before keys are agreed on.
     *
     * @return a new buffer, ready to be written
     */
    public ByteBuffer record() {
        return ByteBuffer.wrap(new byte[] {CONTENT_TYPE, 3, 3, 0, 2, FATAL, (byte) code});
    }

    /** {@return the name as RFCs write it, such as {@code unrecognized_name}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
