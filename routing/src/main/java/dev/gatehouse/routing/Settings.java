package dev.gatehouse.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checks that all builders make in the same words. */
final class Settings {

    private Settings() {}

    static <T> T once(String setting, @Nullable T before, T value) {
        if (before != null) {
            throw new IllegalStateException(
                    setting + ": set twice, to " + before + " and to " + value + " (set it once)");
        }
        return value;
    }

    static long notNegative(String setting, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: 0 or more)");
        }
        return value;
    }

    static int atLeastOne(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: 1 or more)");
        }
        return value;
    }

    static Duration positive(String setting, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: more than zero)");
        }
        return value;
    }

    static Duration notNegative(String setting, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: zero for no limit, or more)");
        }
        return value;
    }
}
