package dev.gatehouse.tls;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why the first bytes of a connection are not a ClientHello that a server can work with. */
public enum ClientHelloProblem {
    /** Begins like an HTTP request: a common mistake in URLs and in health checks. */
    PLAIN_HTTP("speaks plain HTTP to a TLS port. Use an https:// address", null),
    /** Begins with a PROXY protocol header of a load balancer. */
    PROXY_PROTOCOL("sent a PROXY protocol header. Switch it off at the load balancer, or on at this listener", null),
    /** A hello in the format of SSL 2.0 (RFC 6176). */
    SSL_2("sent a hello in SSL 2.0 format. Update the client", TlsAlert.PROTOCOL_VERSION),
    /** A DTLS record. */
    DTLS("speaks DTLS. Use TLS for a TCP connection", null),
    /** No protocol that is known. */
    NOT_TLS("does not speak TLS. Check what it should connect to", null),

    /** A record of another kind before the hello is complete. */
    UNEXPECTED_RECORD("sent another record instead of a whole ClientHello", TlsAlert.UNEXPECTED_MESSAGE),
    /** A later record with a version that does not begin with 3. */
    RECORD_VERSION("sent a record of an unknown version", TlsAlert.PROTOCOL_VERSION),
    /** A handshake record without content (RFC 8446, section 5.1). */
    EMPTY_RECORD("sent an empty handshake record", TlsAlert.UNEXPECTED_MESSAGE),
    /** A record of more than 2^14 bytes. */
    RECORD_TOO_LARGE("sent a record of more than 16384 bytes", TlsAlert.RECORD_OVERFLOW),
    /** Another handshake message. */
    UNEXPECTED_MESSAGE("sent a handshake message other than ClientHello", TlsAlert.UNEXPECTED_MESSAGE),
    /** More handshake data after the hello in its last record. */
    EXCESS_HANDSHAKE_DATA("sent handshake data after its ClientHello", TlsAlert.UNEXPECTED_MESSAGE),
    /** A hello beyond the limit on its size. */
    MESSAGE_TOO_LARGE("sent a ClientHello beyond the size limit", TlsAlert.ILLEGAL_PARAMETER),
    /** Too many bytes, with those of record headers, before the hello is complete. */
    TOO_MANY_BYTES("sent more bytes than a ClientHello may have", TlsAlert.ILLEGAL_PARAMETER),

    /** A hello whose parts do not fit into each other, or do not fill it. */
    MALFORMED_MESSAGE("sent a malformed ClientHello", TlsAlert.DECODE_ERROR),
    /** A malformed list of cipher suites. */
    MALFORMED_CIPHER_SUITES("sent a malformed list of cipher suites", TlsAlert.DECODE_ERROR),
    /** A malformed list of compression methods. */
    MALFORMED_COMPRESSION_METHODS("sent a malformed list of compression methods", TlsAlert.DECODE_ERROR),
    /** Extensions that do not fit into the hello, or do not fill it. */
    MALFORMED_EXTENSIONS("sent malformed extensions", TlsAlert.DECODE_ERROR),
    /** An extension that is there twice (RFC 8446, section 4.2). */
    DUPLICATE_EXTENSION("sent an extension twice", TlsAlert.ILLEGAL_PARAMETER),
    /** A malformed {@code server_name} extension. */
    MALFORMED_SERVER_NAMES("sent a malformed server_name extension", TlsAlert.DECODE_ERROR),
    /** Several names of one type (RFC 6066, section 3). */
    DUPLICATE_SERVER_NAME("sent several server names of one type", TlsAlert.ILLEGAL_PARAMETER),
    /** A malformed {@code application_layer_protocol_negotiation} extension. */
    MALFORMED_APPLICATION_PROTOCOLS("sent a malformed ALPN extension", TlsAlert.DECODE_ERROR),
    /** A malformed {@code supported_versions} extension. */
    MALFORMED_VERSIONS("sent a malformed supported_versions extension", TlsAlert.DECODE_ERROR),
    /** A malformed {@code supported_groups} extension. */
    MALFORMED_GROUPS("sent a malformed supported_groups extension", TlsAlert.DECODE_ERROR),
    /** A malformed {@code signature_algorithms} extension. */
    MALFORMED_SIGNATURE_ALGORITHMS("sent a malformed signature_algorithms extension", TlsAlert.DECODE_ERROR);

    private final String text;
    private final @Nullable TlsAlert alert;

    ClientHelloProblem(String text, @Nullable TlsAlert alert) {
        this.text = text;
        this.alert = alert;
    }

    /** {@return the alert that tells the client; empty if it would not understand one, so that closing is the answer} */
    public Optional<TlsAlert> alert() {
        return Optional.ofNullable(alert);
    }

    /** {@return whether the client speaks some other protocol, rather than TLS wrongly} */
    public boolean isOtherProtocol() {
        return ordinal() <= NOT_TLS.ordinal();
    }

    /** {@return a predicate for a log line, to which the subject is the client, such as {@code sent an extension twice}} */
    @Override
    public String toString() {
        return text;
    }
}
