package dev.gatehouse.tls.source;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The lines of the watch that speak of a folder, whatever other tests do at the same time. */
final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger(WatchedCertificates.class);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final String about;

    LogCapture(Object about) {
        this.about = about.toString();
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = event.getLevel() + " " + event.getFormattedMessage();
        if (line.contains(about)) {
            lines.add(line.replace(about + "/", ""));
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> warnings() {
        return lines.stream().filter(line -> line.startsWith("WARN")).toList();
    }

    void clear() {
        lines.clear();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
