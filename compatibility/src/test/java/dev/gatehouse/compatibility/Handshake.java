package dev.gatehouse.compatibility;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** How a handshake ended for the client: with a certificate, with an alert, or with neither. */
record Handshake(@Nullable X509Certificate shown, Alert alert, String detail) {

    static Handshake showing(X509Certificate shown) {
        return new Handshake(shown, Alert.NONE, "");
    }

    static Handshake refusedWith(int description) {
        return new Handshake(null, Alert.of(description), "alert " + description);
    }

    /** What went wrong on the client's side, such as a signature that does not fit the certificate. */
    static Handshake failed(Throwable failure) {
        return new Handshake(null, Alert.NONE, String.valueOf(failure));
    }
}
