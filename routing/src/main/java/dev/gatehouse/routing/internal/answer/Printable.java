package dev.gatehouse.routing.internal.answer;

/** What a client has sent, made fit for one line of a log. */
public final class Printable {

    private static final int MAX_LENGTH = 200;

    private Printable() {}

    /**
     * Makes a text fit.
     *
     * @param text anything
     * @return its beginning, with question marks in place of what is not visible ASCII
     */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(Math.min(text.length(), MAX_LENGTH + 3));
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            printable.append(c > ' ' && c < 0x7f ? c : '?');
        }
        return printable.append(text.length() > MAX_LENGTH ? "..." : "").toString();
    }
}
