package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.answer.Printable;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a TLS connection, for a log line.
 *
 * @param problem goes on from the name of the target
 * @param remedy what to do
 */
public record TlsFailure(String problem, String remedy) {

    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

    /**
     * Explains a failure to connect.
     *
     * @param cause what {@link TlsChannel} has told
     * @return the explanation, or null if the failure has nothing to do with TLS
     */
    public static @Nullable TlsFailure of(IOException cause) {
        if (cause instanceof PlainHttpException) {
            return new TlsFailure("speaks plain HTTP on this port", "Write http:// in the target");
        }
        if (cause instanceof HandshakeFailedException) {
            return new TlsFailure(
                    "closed the connection during the TLS handshake",
                    "See its log for the cause, or write http:// in the target if it does not speak TLS");
        }
        return cause instanceof SSLException ? handshake((SSLException) cause) : null;
    }

    private static TlsFailure handshake(SSLException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof OriginRefusedException refused) {
                return new TlsFailure(String.valueOf(refused.getMessage()), refused.remedy());
            }
            if (cause instanceof CertificateException refused) {
                return new TlsFailure(
                        "shows a certificate that is not accepted (" + refused.getMessage() + ")",
                        "Trust its issuer, or give the target another certificate");
            }
        }
        String alert = alert(failed);
        return alert != null
                ? new TlsFailure("answered the TLS handshake with the alert " + alert, remedyFor(alert))
                : new TlsFailure("failed the TLS handshake (" + failed.getMessage() + ")", "See its log for the cause");
    }

    /**
     * {@return the alert that the peer has sent; null if it has sent none}
     *
     * @param failed what {@link TlsChannel} has told
     */
    public static @Nullable String alert(IOException failed) {
        Matcher alert = ALERT.matcher(String.valueOf(failed.getMessage()));
        return failed instanceof SSLException && alert.find() ? Printable.of(alert.group(1)) : null;
    }

    private static String remedyFor(String alert) {
        return switch (alert) {
            case "certificate_required",
                    "bad_certificate",
                    "unknown_ca",
                    "certificate_unknown",
                    "unsupported_certificate",
                    "access_denied" -> "See which client certificate it wants";
            case "unrecognized_name" -> "Set the server name that it knows";
            case "no_application_protocol" -> "See whether it speaks HTTP/1.1, or write h2:// in the target";
            default -> "See which TLS versions and cipher suites it allows, and whether it wants a client certificate";
        };
    }
}
