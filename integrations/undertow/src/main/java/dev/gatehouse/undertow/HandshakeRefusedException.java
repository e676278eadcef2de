package dev.gatehouse.undertow;

import dev.gatehouse.tls.TlsAlert;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Ends a handshake that has been refused and logged. Strangers cause it at will, so it has no stack trace. */
final class HandshakeRefusedException extends SSLException {

    private static final long serialVersionUID = 1L;

    /** What the client is told; null if it would not understand. */
    private final Optional<TlsAlert> alert;

    HandshakeRefusedException(String reason, Optional<TlsAlert> alert) {
        super(reason);
        this.alert = alert;
    }

    /** Ends a connection whose handshake was all that the client wanted. */
    static HandshakeRefusedException afterHandshake() {
        return new HandshakeRefusedException("the client only wanted to see the certificate", Optional.empty());
    }

    /** {@return the bytes that tell the client, of which there may be none} */
    ByteBuffer alertRecord() {
        return alert.map(TlsAlert::record).orElseGet(() -> ByteBuffer.allocate(0));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
