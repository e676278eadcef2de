package dev.gatehouse.acme.internal.budget;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads a {@code Retry-After} field (RFC 9110, section 10.2.3). */
public final class RetryAfter {

    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /** A moment not before now, from a number of seconds or from a date; empty if it is neither. */
    public static Optional<Instant> parse(String field, Instant now) {
        String text = field.strip();
        if (!text.isEmpty() && text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.of(
                    now.plusSeconds(text.length() > MAX_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(text)));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(date.isBefore(now) ? now : date);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }
}
