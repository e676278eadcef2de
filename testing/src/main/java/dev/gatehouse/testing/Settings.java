package dev.gatehouse.testing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checks that the builders share: a setting is made once, and makes sense. */
final class Settings {

    private static final Duration LONGEST_PROBE = Duration.ofMinutes(5);

    private Settings() {}

    static Duration probeTimeout(Duration value) {
        if (positive("timeout", value).compareTo(LONGEST_PROBE) > 0) {
            throw new IllegalArgumentException("timeout: " + value + " (expected: <= " + LONGEST_PROBE + ")");
        }
        return value;
    }

    static void requireUnset(String setting, @Nullable Object current) {
        if (current != null) {
            throw new IllegalStateException(setting + " was already set to " + current + ". Set it once.");
        }
    }

    static Duration positive(String setting, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: > 0)");
        }
        return value;
    }

    static Duration notNegative(String setting, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static int port(String setting, int value) {
        if (value < 1 || value > 65535) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: 1 to 65535)");
        }
        return value;
    }
}
