package dev.gatehouse.http2;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginFailure.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.RetryableStreamException;
import org.jspecify.annotations.Nullable;

/** What can go wrong, in words for the log. */
final class Failures {

    /** The reason for which this side ends a connection whose other end is not there any more. */
    static final String PING_UNANSWERED = "ping_unanswered";

    private static final String SEE_ITS_LOG = "See its log for the cause";

    private Failures() {}

    static OriginFailure transportClosed() {
        return new OriginFailure(Kind.UNREACHABLE, "is not reached any more: the router was closed", "Open a new one");
    }

    static OriginFailure busy(int waiting) {
        return new OriginFailure(
                Kind.BUSY,
                "has no room for another exchange, and " + waiting + " wait already",
                "Add targets, or raise maxQueuedPerTarget");
    }

    static OriginFailure headTooLarge(int limit) {
        return new OriginFailure(
                Kind.HEAD_TOO_LARGE,
                "takes no request head over " + limit + " bytes",
                "Raise its limit, or have the client send less");
    }

    /** No connection came about. */
    static OriginFailure notConnected(Target target, Throwable cause) {
        for (Throwable deeper = cause; deeper != null; deeper = deeper.getCause()) {
            if (deeper instanceof CertificateException refused) {
                return unreachable(
                        "was not accepted: " + refused.getMessage(),
                        "Correct its certificate, or the settings for TLS of the target");
            }
        }
        if (cause instanceof ConnectException) {
            return unreachable("refused the connection", "Start the target, or correct its address");
        }
        if (cause instanceof SocketTimeoutException) {
            return unreachable("did not accept a connection", "See whether it is overloaded, or correct its address");
        }
        if (cause instanceof SSLException) {
            return unreachable(
                    "did not complete the TLS handshake (" + cause.getMessage() + ")",
                    "See whether it speaks TLS, or write h2c://");
        }
        return target.tls() == null
                ? unreachable("cannot be reached (" + cause.getMessage() + ")", "Correct its address, or the network")
                : noHttp2(target, String.valueOf(cause.getMessage()));
    }

    /** There was a connection, but nobody at its other end who speaks HTTP/2. */
    static OriginFailure noHttp2(Target target, String detail) {
        return target.tls() == null
                ? unreachable(
                        "does not speak HTTP/2 without TLS (" + detail + ")",
                        "Write http:// for HTTP/1.1, h2:// for TLS, or let the target speak it")
                : unreachable(
                        "does not speak HTTP/2 (" + detail + ")",
                        "Write https:// for HTTP/1.1, or enable HTTP/2 at the target");
    }

    private static OriginFailure unreachable(String problem, String remedy) {
        return new OriginFailure(Kind.UNREACHABLE, problem, remedy);
    }

    /** The connection was closed before the request got on it. */
    static OriginFailure notOpened(Throwable cause) {
        return new OriginFailure(
                Kind.NOT_PROCESSED,
                "closed the connection before it got the request (" + cause.getMessage() + ")",
                SEE_ITS_LOG);
    }

    /** The target has reset a stream. */
    static OriginFailure reset(int code, boolean responded) {
        if (code == ErrorCode.REFUSED_STREAM_ERROR.code && !responded) {
            return new OriginFailure(
                    Kind.NOT_PROCESSED, "refused the stream", "See whether it is overloaded or shutting down");
        }
        if (code == ErrorCode.HTTP_1_1_REQUIRED_ERROR.code) {
            return new OriginFailure(
                    Kind.MALFORMED, "takes this request in HTTP/1.1 only", "Write http:// or https:// for it");
        }
        String name = ErrorCode.toString(code, "code " + code);
        return new OriginFailure(Kind.BROKEN_OFF, "reset the stream (" + name + ") " + when(responded), SEE_ITS_LOG);
    }

    /** A connection has ended with streams on it, or something that came on a stream cannot be understood. */
    static OriginFailure failed(int code, @Nullable String reason, @Nullable Throwable cause, boolean responded) {
        if (cause instanceof RetryableStreamException) {
            return new OriginFailure(
                    Kind.NOT_PROCESSED, "closes the connection, and did not take the request any more", SEE_ITS_LOG);
        }
        if (PING_UNANSWERED.equals(reason)) {
            return new OriginFailure(
                    Kind.BROKEN_OFF,
                    "is not there any more: a ping was not answered",
                    "See whether it, or the network to it, is down");
        }
        if (isBreachOfRules(code)) {
            String detail = reason != null ? reason : cause != null ? String.valueOf(cause.getMessage()) : "";
            return malformed(ErrorCode.toString(code, "") + ": " + detail);
        }
        return new OriginFailure(Kind.BROKEN_OFF, "closed the connection " + when(responded), SEE_ITS_LOG);
    }

    private static boolean isBreachOfRules(int code) {
        ErrorCode known = ErrorCode.from(code);
        return known != null
                && switch (known) {
                    case PROTOCOL_ERROR,
                            FLOW_CONTROL_ERROR,
                            FRAME_SIZE_ERROR,
                            COMPRESSION_ERROR,
                            STREAM_CLOSED_ERROR,
                            ENHANCE_YOUR_CALM_ERROR -> true;
                    default -> false;
                };
    }

    static OriginFailure malformed(String detail) {
        return new OriginFailure(
                Kind.MALFORMED,
                "sent a response that breaks the rules of HTTP/2 (" + detail + ")",
                "Correct the target");
    }

    private static String when(boolean responded) {
        return responded ? "in the middle of its response" : "without an answer";
    }
}
