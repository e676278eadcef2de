package dev.gatehouse.examples.proxy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log lines on standard error: time, level, message. */
public final class Logging {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

    private Logging() {}

    /**
     * Sends log lines of a level and above to standard error.
     *
     * @param level the least level that is shown
     */
    public static void toStandardError(Level level) {
        LogManager.getLogManager().reset();
        ConsoleHandler handler = new ConsoleHandler();
        handler.setLevel(level);
        handler.setFormatter(new Line());
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        root.addHandler(handler);
        Logger.getLogger("org.xnio").setLevel(Level.WARNING);
        Logger.getLogger("org.jboss").setLevel(Level.WARNING);
    }

    private static final class Line extends Formatter {

        @Override
        public String format(LogRecord entry) {
            StringBuilder line = new StringBuilder(120)
                    .append(TIME.format(entry.getInstant()))
                    .append(' ')
                    .append(word(entry.getLevel()))
                    .append(' ')
                    .append(formatMessage(entry))
                    .append('\n');
            if (entry.getThrown() != null) {
                appendStackTrace(line, entry.getThrown());
            }
            return line.toString();
        }

        private static String word(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }

        private static void appendStackTrace(StringBuilder line, Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
    }
}
