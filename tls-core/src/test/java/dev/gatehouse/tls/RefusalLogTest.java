package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RefusalLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<HandshakeRefused> events = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    @BeforeEach
    void captureLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void release() {
        logger.detachAppender(log);
    }

    @Test
    void lineSaysWhoWasRefusedHowAndWhatToDo() {
        new RefusalLog(clock, events::add).refused(refusalOf("shop.refusals.test"));

        assertThat(lines())
                .containsExactly(
                        "shop.refusals.test: handshake of 127.0.0.1 refused with unrecognized_name: there is no"
                                + " certificate for it.");
        assertThat(events).containsExactly(refusalOf("shop.refusals.test"));
    }

    @Test
    void floodOfRefusalsIsCountedWhereItWouldFillTheLog() {
        RefusalLog refusals = new RefusalLog(clock, events::add);

        for (int i = 0; i < RefusalLog.LINES + 1000; i++) {
            refusals.refused(refusalOf("flood" + i + ".refusals.test"));
        }
        assertThat(lines()).hasSize(RefusalLog.LINES);
        now = now.plus(RefusalLog.PERIOD);
        refusals.refused(refusalOf("next.refusals.test"));

        assertThat(lines())
                .hasSize(RefusalLog.LINES + 2)
                .contains("TLS: 1000 more handshakes were refused whose lines were left out.");
        assertThat(events).hasSize(RefusalLog.LINES + 1001);
    }

    @Test
    void listenerThatFailsDoesNotHarmTheHandshake() {
        RefusalLog refusals = new RefusalLog(clock, refusal -> {
            throw new IllegalStateException("broken");
        });

        refusals.refused(refusalOf("shop.refusals.test"));

        assertThat(lines()).anyMatch(line -> line.startsWith("shop.refusals.test: handshake"));
    }

    private static HandshakeRefused refusalOf(String name) {
        return new HandshakeRefused(
                Optional.of(ServerName.of(name)),
                Optional.of(InetAddress.getLoopbackAddress()),
                Optional.of(TlsAlert.UNRECOGNIZED_NAME),
                "there is no certificate for it.");
    }

    /** Other tests refuse handshakes at the same time. */
    private List<String> lines() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("refusals.test") || line.startsWith("TLS: 1000 "))
                .toList();
    }
}
