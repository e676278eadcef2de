package dev.gatehouse.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says of each refused handshake what was wrong: one event, and one line in the log. Strangers can cause refusals as fast
 * as they like, so lines are limited to {@value #LINES} in a period; the first line of the next period says how many were
 * left out.
 */
final class RefusalLog {

    static final int LINES = 50;
    static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

    private final InstantSource clock;
    private final Consumer<? super HandshakeRefused> listener;
    private long periodEndsMillis;
    private int linesInPeriod;
    private long leftOut;

    RefusalLog(InstantSource clock, Consumer<? super HandshakeRefused> listener) {
        this.clock = clock;
        this.listener = listener;
    }

    static String noCertificateFor(ClientHello hello) {
        return hello.serverName().isPresent()
                ? "there is no certificate for it. Add one, or permit its issuance."
                : "there is no certificate for clients without a valid server name. Configure missingServerName if they are"
                        + " to be served.";
    }

    static String noCertificateWithin(Duration maxWait) {
        return "no certificate within " + maxWait.toMillis() + " ms. The next attempt may find it.";
    }

    static String resolverFailed(Throwable failure) {
        return "the certificate resolver failed: " + failure + ". Look for its own lines in the log.";
    }

    /** A refusal that is the client's affair, such as a name that nobody serves here. */
    void refused(HandshakeRefused refusal) {
        refused(refusal, Level.INFO);
    }

    /** A refusal of somebody who only had a look, such as a certificate authority that comes once more than it is awaited. */
    void expected(HandshakeRefused refusal) {
        tellListener(refusal);
        write(refusal, Level.DEBUG);
    }

    /** A refusal that is the server's affair, such as a limit that was reached. */
    void failed(HandshakeRefused refusal) {
        refused(refusal, Level.WARN);
    }

    private void refused(HandshakeRefused refusal, Level level) {
        tellListener(refusal);
        long leftOutBefore = enter();
        if (leftOutBefore < 0) {
            return;
        }
        if (leftOutBefore > 0) {
            log.info("TLS: {} more handshakes were refused whose lines were left out.", leftOutBefore);
        }
        write(refusal, level);
    }

    private static void write(HandshakeRefused refusal, Level level) {
        log.atLevel(level)
                .log(
                        "{}: handshake{} refused{}: {}",
                        refusal.serverName().map(ServerName::value).orElse("(no server name)"),
                        refusal.clientAddress()
                                .map(address -> " of " + address.getHostAddress())
                                .orElse(""),
                        refusal.alert().map(alert -> " with " + alert).orElse(""),
                        refusal.reason());
    }

    private void tellListener(HandshakeRefused refusal) {
        try {
            listener.accept(refusal);
        } catch (RuntimeException failure) {
            log.warn("The listener of refused handshakes failed: {}. Mend it.", String.valueOf(failure));
        }
    }

    /** Returns how many lines were left out before this one, or -1 if this one is. */
    private synchronized long enter() {
        long now = clock.millis();
        if (now >= periodEndsMillis) {
            periodEndsMillis = now + PERIOD.toMillis();
            linesInPeriod = 0;
        }
        if (linesInPeriod >= LINES) {
            leftOut++;
            return -1;
        }
        linesInPeriod++;
        long before = leftOut;
        leftOut = 0;
        return before;
    }
}
