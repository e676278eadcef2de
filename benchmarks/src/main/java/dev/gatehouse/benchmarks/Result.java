package dev.gatehouse.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what what was measured
 * @param measured number and unit
 * @param target what it should be, or a dash
 */
record Result(String what, String measured, String target) {

    static Result of(String what, String target, String format, Object... numbers) {
        return new Result(what, String.format(Locale.ROOT, format, numbers), target);
    }

    static String table(List<Result> results) {
        StringBuilder table = new StringBuilder("| What | Measured | Target |\n| --- | ---: | ---: |\n");
        for (Result result : results) {
            table.append("| ")
                    .append(result.what)
                    .append(" | ")
                    .append(result.measured)
                    .append(" | ")
                    .append(result.target)
                    .append(" |\n");
        }
        return table.toString();
    }
}
