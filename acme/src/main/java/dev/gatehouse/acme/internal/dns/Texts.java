package dev.gatehouse.acme.internal.dns;

import java.time.Duration;

/** Text of others on its way into a message: one line, bounded, printable. */
final class Texts {

    private static final int LONGEST = 500;

    private Texts() {}

    static String oneLine(String text) {
        return oneLine(text, LONGEST);
    }

    static String oneLine(String text, int longest) {
        String printable = text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
        return printable.length() > longest ? printable.substring(0, longest) + "…" : printable;
    }

    /** Whole seconds as {@code 120 s}, shorter times as {@code 250 ms}. */
    static String show(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
