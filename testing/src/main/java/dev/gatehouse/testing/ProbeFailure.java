package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.probe.AlertException;
import dev.gatehouse.testing.internal.probe.TappedSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a handshake failed, told from the exceptions of JSSE and from what came in. */
record ProbeFailure(
        ProbeOutcome outcome,
        IOException cause,
        @Nullable ReceivedAlert alert,
        @Nullable String plainText) {
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
    private static final String CLOSE_NOTIFY = "Received close_notify during handshake";

    static ProbeFailure timedOut(IOException cause) {
        return new ProbeFailure(ProbeOutcome.TIMED_OUT, cause, null, null);
    }

    static ProbeFailure of(IOException cause, TappedSocket socket) {
        if (socket.receivedOtherThanTls()) {
            return new ProbeFailure(ProbeOutcome.NOT_TLS, cause, null, socket.firstLine());
        }
        Optional<ReceivedAlert> alert = alert(cause);
        if (alert.isPresent()) {
            return new ProbeFailure(ProbeOutcome.ALERT, cause, alert.get(), null);
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof EOFException
                    || String.valueOf(each.getMessage()).equals(CLOSE_NOTIFY)) {
                return new ProbeFailure(ProbeOutcome.CLOSED, cause, null, null);
            }
            if (each instanceof SocketException) {
                return reset(cause, socket.unreadAlert());
            }
        }
        return new ProbeFailure(ProbeOutcome.REFUSED_BY_PROBE, cause, null, null);
    }

    private static ProbeFailure reset(IOException cause, int unreadAlert) {
        return unreadAlert < 0
                ? new ProbeFailure(ProbeOutcome.RESET, cause, null, null)
                : new ProbeFailure(ProbeOutcome.ALERT, cause, ReceivedAlert.of(unreadAlert), null);
    }

    static Optional<ReceivedAlert> alert(IOException failure) {
        if (failure instanceof AlertException alert) {
            return Optional.of(ReceivedAlert.of(alert.code()));
        }
        for (Throwable each : withSuppressed(failure)) {
            Matcher alert = ALERT.matcher(String.valueOf(each.getMessage()));
            if (alert.find()) {
                return Optional.of(ReceivedAlert.of(alert.group(1)));
            }
        }
        return Optional.empty();
    }

    /** An exception with its causes, and with those that JSSE suppressed in their favour. */
    private static List<Throwable> withSuppressed(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            all.add(each);
            all.addAll(List.of(each.getSuppressed()));
        }
        return all;
    }
}
