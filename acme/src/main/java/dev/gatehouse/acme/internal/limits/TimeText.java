package dev.gatehouse.acme.internal.limits;

import java.time.Duration;
import java.util.StringJoiner;

/** Durations as people write them: {@code 2 d}, {@code 3 h 21 min}, {@code 1.5 s}. */
public final class TimeText {

    private TimeText() {}

    /** The two largest units that are not zero. */
    public static String of(Duration duration) {
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            long millis = duration.toMillis();
            return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
        }
        long[] amounts = {duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
        };
        String[] units = {" d", " h", " min", " s"};
        StringJoiner text = new StringJoiner(" ");
        int first = 0;
        while (amounts[first] == 0) {
            first++;
        }
        for (int i = first; i < Math.min(first + 2, amounts.length); i++) {
            if (amounts[i] > 0) {
                text.add(amounts[i] + units[i]);
            }
        }
        return text.toString();
    }
}
