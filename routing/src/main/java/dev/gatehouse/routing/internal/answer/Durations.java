package dev.gatehouse.routing.internal.answer;

import java.time.Duration;

/** Durations as people write them. */
public final class Durations {

    private Durations() {}

    /**
     * Writes a duration.
     *
     * @param duration the duration
     * @return in seconds, or milliseconds where seconds are not exact
     */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
