package dev.gatehouse.acme.internal.permission;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads how long an answer is fresh (RFC 9111, section 5.2.2). */
final class CacheControl {

    /** More digits than these are forever. */
    private static final int MAX_DIGITS = 9;

    private CacheControl() {}

    /** Empty if nothing is said, or nothing that can be understood. */
    static Optional<Duration> freshness(List<String> values) {
        Optional<Duration> maxAge = Optional.empty();
        for (String value : values) {
            for (String directive : value.split(",", -1)) {
                String text = directive.strip().toLowerCase(Locale.ROOT);
                if (text.equals("no-store") || text.equals("no-cache")) {
                    return Optional.of(Duration.ZERO);
                }
                if (text.startsWith("max-age=") && maxAge.isEmpty()) {
                    maxAge = seconds(text.substring("max-age=".length()).replace("\"", ""));
                }
            }
        }
        return maxAge;
    }

    private static Optional<Duration> seconds(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.empty();
        }
        return Optional.of(
                Duration.ofSeconds(digits.length() > MAX_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits)));
    }
}
