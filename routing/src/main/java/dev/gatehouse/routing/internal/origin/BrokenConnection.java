package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.internal.tls.MissingCloseNotifyException;
import dev.gatehouse.routing.internal.tls.TlsFailure;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** How a connection broke, in words that go on from "closed the connection". */
final class BrokenConnection {

    private BrokenConnection() {}

    static String text(IOException broken, boolean responseHasBegun) {
        return how(broken) + (responseHasBegun ? " in the middle of its response" : " without an answer");
    }

    private static String how(IOException broken) {
        if (broken instanceof MissingCloseNotifyException) {
            return "without the close_notify of TLS";
        }
        String alert = TlsFailure.alert(broken);
        if (alert != null) {
            return "with the TLS alert " + alert;
        }
        return broken instanceof SSLException ? "by breaking TLS (" + broken.getMessage() + ")" : "by a reset";
    }
}
