package dev.gatehouse.tls;

import java.util.Arrays;

/** Tells names that differ by a slip of the finger from names that merely differ. */
final class CoverageExplanationTypo {

    private static final int MOST_EDITS = 2;
    private static final int CHARACTERS_PER_EDIT = 5;

    private CoverageExplanationTypo() {}

    /** One or two edits apart, and long enough for that to be no coincidence. */
    static boolean isLikely(ServerName known, ServerName asked) {
        if (known.isIpAddress()
                || Math.abs(known.value().length() - asked.value().length()) > MOST_EDITS) {
            return false;
        }
        int edits = edits(known, asked);
        return edits > 0
                && edits <= MOST_EDITS
                && edits * CHARACTERS_PER_EDIT <= asked.value().length();
    }

    /** The Levenshtein distance, or any number above {@link #MOST_EDITS} as soon as it is sure to be above. */
    static int edits(ServerName known, ServerName asked) {
        String from = known.value();
        String to = asked.value();
        int[] previous = new int[to.length() + 1];
        Arrays.setAll(previous, column -> column);
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            int least = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = previous[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
                least = Math.min(least, current[column]);
            }
            if (least > MOST_EDITS) {
                return least;
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
