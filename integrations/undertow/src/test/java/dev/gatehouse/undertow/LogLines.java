package dev.gatehouse.undertow;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class logs meanwhile. */
final class LogLines implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    static LogLines of(Class<?> subject) {
        LogLines lines = new LogLines((Logger) LoggerFactory.getLogger(subject));
        lines.logger.setLevel(Level.DEBUG);
        lines.appender.start();
        lines.logger.addAppender(lines.appender);
        return lines;
    }

    List<String> all() {
        return lines;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
