package dev.gatehouse.examples.acme;

import java.util.Comparator;
import java.util.List;

/** Says what somebody may have meant who mistyped a word. */
final class Suggestion {

    private Suggestion() {}

    /** {@return a question that begins with a space, or nothing if no word comes near} */
    static String among(List<String> words, String mistyped) {
        return words.stream()
                .filter(word -> distance(word, mistyped) <= Math.max(2, mistyped.length() / 3))
                .min(Comparator.comparingInt(word -> distance(word, mistyped)))
                .map(word -> " Did you mean '" + word + "'?")
                .orElse("");
    }

    /** How many letters have to be added, removed or replaced (Levenshtein). */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
