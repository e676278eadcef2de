package dev.gatehouse.acme.internal.dns;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A response, whole.
 *
 * @param status the status code
 * @param headers the fields
 * @param body the body as text
 */
record HttpReply(int status, HttpHeaders headers, String body) {

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** A date is taken relative to the server's own {@code Date}, so no clocks are compared. */
    Optional<Duration> retryAfter() {
        return headers.firstValue("Retry-After").flatMap(this::waitOf).map(HttpReply::clamped);
    }

    private Optional<Duration> waitOf(String value) {
        try {
            return value.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                    : headers.firstValue("Date").map(now -> Duration.between(dateOf(now), dateOf(value)));
        } catch (NumberFormatException | DateTimeException | ArithmeticException malformed) {
            return Optional.empty();
        }
    }

    private static Instant dateOf(String value) {
        return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static Duration clamped(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** {@return the body on one line, cut to a length for messages} */
    String shownBody() {
        return body.isBlank() ? "no text" : "\"" + Texts.oneLine(body) + "\"";
    }
}
