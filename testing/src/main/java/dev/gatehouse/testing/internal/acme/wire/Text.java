package dev.gatehouse.testing.internal.acme.wire;

/** Makes text that came from the network safe to show in a message or a log line. */
public final class Text {
    private static final int SHOWN = 120;

    private Text() {}

    /** {@return the value in single quotes, cut to a readable length, without control characters} */
    public static String quote(String value) {
        String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        return '\'' + oneLine(shown) + '\'';
    }

    /** {@return the message of an exception on one line, or its type if it has none} */
    public static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : oneLine(message);
    }

    /** {@return the text with every control character and line separator replaced by a question mark} */
    public static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]", "?");
    }
}
