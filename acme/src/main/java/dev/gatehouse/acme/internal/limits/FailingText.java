package dev.gatehouse.acme.internal.limits;

import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.internal.limits.BackOff.Failing;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * How the pause of a name is stored: a line with a number, one with a moment, one with the last error, and one with the issuer
 * at which the next order is to be rehearsed before.
 */
final class FailingText {

    private static final int MAX_ERROR = 500;

    private FailingText() {}

    /** As it is kept: short, and on one line. */
    static String oneLine(String error) {
        String shortened = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) + "…" : error;
        return shortened.replaceAll("\\p{Cntrl}+", " ");
    }

    static byte[] format(Failing failing) {
        return (failing.failures() + "\n" + failing.nextTry() + "\n" + failing.lastError() + "\n"
                        + failing.rehearse().map(FailingText::oneLine).orElse("") + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What cannot be read counts as no failure. */
    static Optional<Failing> parse(StoredRecord record) {
        String[] lines = new String(record.content(), StandardCharsets.UTF_8).split("\n", -1);
        if (lines.length < 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Failing(Integer.parseInt(lines[0]), Instant.parse(lines[1]), lines[2], rehearse(lines)));
        } catch (NumberFormatException | DateTimeException damaged) {
            return Optional.empty();
        }
    }

    private static Optional<String> rehearse(String[] lines) {
        return lines.length > 3 && !lines[3].isBlank() ? Optional.of(lines[3]) : Optional.empty();
    }
}
