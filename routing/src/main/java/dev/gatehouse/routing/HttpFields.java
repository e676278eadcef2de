package dev.gatehouse.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message head, or its trailers (RFC 9110, section 5): an ordered list of names and values, where a name
 * may occur several times and is compared without regard to case.
 *
 * <p>Immutable, and so safe for use by several threads. Names and values are checked when they are added: a name is a
 * token, a value has no control characters except the tab and no white space at its ends. What came from one peer can
 * therefore be written to another without becoming a different message.
 */
public final class HttpFields {

    private static final HttpFields EMPTY = new HttpFields(new String[0], 0);
    private static final int MAX_LENGTH_DIGITS = 18;
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    /** Name, value, name, value. */
    private final String[] lines;

    private final int length;

    private HttpFields(String[] lines, int length) {
        this.lines = lines;
        this.length = length;
    }

    /** {@return no fields} */
    public static HttpFields empty() {
        return EMPTY;
    }

    /**
     * Makes fields from names and values in turn.
     *
     * @param namesAndValues name, value, name, value
     * @return the fields
     * @throws IllegalArgumentException if the count is odd, or a name or value is not well formed
     */
    public static HttpFields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "namesAndValues: " + namesAndValues.length + " elements (expected: name and value in turn)");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** {@return a builder without fields} */
    public static Builder builder() {
        return new Builder(new String[32], 0);
    }

    /** {@return a builder that starts with these fields} */
    public Builder toBuilder() {
        String[] copy = new String[Math.max(16, length + 16)];
        System.arraycopy(lines, 0, copy, 0, length);
        return new Builder(copy, length);
    }

    /**
     * Finds the first value of a field.
     *
     * @param name the field name, in any case
     * @return the value, or null if there is no such field
     */
    public @Nullable String get(String name) {
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return lines[i + 1];
            }
        }
        return null;
    }

    /**
     * Finds all values of a field, one for each line that has it.
     *
     * @param name the field name, in any case
     * @return the values in their order, not split at commas; unmodifiable
     */
    public List<String> all(String name) {
        List<String> values = null;
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                values = values == null ? new ArrayList<>(2) : values;
                values.add(lines[i + 1]);
            }
        }
        return values == null ? List.of() : Collections.unmodifiableList(values);
    }

    /**
     * Splits a list-valued field into its elements (RFC 9110, section 5.6.1).
     *
     * @param name the field name, in any case
     * @return the elements of all lines, trimmed, without empty ones. Quoted commas are not treated apart, so this is
     *     for lists of tokens
     */
    public List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>(2);
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                for (String token : lines[i + 1].split(",", -1)) {
                    String trimmed = token.trim();
                    if (!trimmed.isEmpty()) {
                        tokens.add(trimmed);
                    }
                }
            }
        }
        return tokens;
    }

    /**
     * Tells whether a list-valued field has an element, without regard to case.
     *
     * @param name the field name, in any case
     * @param token the element
     * @return true if one of its lines has it among its elements, as {@link #tokens} splits them
     */
    public boolean containsToken(String name, String token) {
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase(name) && listContains(lines[i + 1], token)) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return the protocol that an HTTP/1.1 request wants to speak from here on: the first of its {@code Upgrade} field, if
     * its {@code Connection} field names that one (RFC 9110, section 7.8); null if there is none} For host adapters, which
     * tell it through {@link HttpExchange#requestedUpgrade}.
     */
    public @Nullable String requestedUpgrade() {
        if (!containsToken("Connection", "upgrade")) {
            return null;
        }
        List<String> protocols = tokens("Upgrade");
        return protocols.isEmpty() ? null : protocols.get(0);
    }

    private static boolean listContains(String list, String token) {
        for (int from = 0; from <= list.length(); ) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            int end = to;
            while (from < end && list.charAt(from) <= ' ') {
                from++;
            }
            while (end > from && list.charAt(end - 1) <= ' ') {
                end--;
            }
            if (end - from == token.length() && list.regionMatches(true, from, token, 0, token.length())) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    /**
     * Tells whether a field occurs.
     *
     * @param name the field name, in any case
     * @return true if at least one line has it
     */
    public boolean contains(String name) {
        return get(name) != null;
    }

    /**
     * Reads {@code Content-Length} (RFC 9110, section 8.6).
     *
     * @return how many bytes it says, empty if there is no such field
     * @throws IllegalArgumentException if there are several, or the one is not {@linkplain #isContentLength a number of
     *     bytes}: then nobody can tell where the message ends
     */
    public OptionalLong contentLength() {
        String text = null;
        for (int i = 0; i < length; i += 2) {
            if (lines[i].equalsIgnoreCase("Content-Length")) {
                if (text != null) {
                    throw new IllegalArgumentException("Content-Length more than once");
                }
                text = lines[i + 1];
            }
        }
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!isContentLength(text)) {
            String shown = text.length() > 2 * MAX_LENGTH_DIGITS ? text.substring(0, MAX_LENGTH_DIGITS) + "..." : text;
            throw new IllegalArgumentException("Content-Length \"" + shown + "\" is not a number");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** {@return how many lines there are} */
    public int size() {
        return length / 2;
    }

    /**
     * Visits every line in order.
     *
     * @param visitor receives name and value
     */
    public void forEach(BiConsumer<? super String, ? super String> visitor) {
        for (int i = 0; i < length; i += 2) {
            visitor.accept(lines[i], lines[i + 1]);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof HttpFields that) || length != that.length) {
            return false;
        }
        for (int i = 0; i < length; i += 2) {
            if (!lines[i].equalsIgnoreCase(that.lines[i]) || !lines[i + 1].equals(that.lines[i + 1])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < length; i += 2) {
            hash = 31 * hash + lines[i].toLowerCase(Locale.ROOT).hashCode();
            hash = 31 * hash + lines[i + 1].hashCode();
        }
        return hash;
    }

    /** {@return the lines, for a log or a test} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        forEach((name, value) -> text.append(text.length() > 1 ? ", " : "")
                .append(name)
                .append(": ")
                .append(value));
        return text.append(']').toString();
    }

    /**
     * Tells whether a string can be a field name: a token of RFC 9110, section 5.6.2.
     *
     * @param name the string
     * @return true if it can
     */
    public static boolean isValidName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /**
     * Tells whether a string can be a field value (RFC 9110, section 5.5): characters up to U+00FF, no control
     * characters but the tab, no white space at either end.
     *
     * @param value the string
     * @return true if it can
     */
    public static boolean isValidValue(String value) {
        int last = value.length() - 1;
        if (last >= 0 && (value.charAt(0) <= ' ' || value.charAt(last) <= ' ')) {
            return false;
        }
        for (int i = 0; i <= last; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether a string can be the value of {@code Content-Length}.
     *
     * @param value the string
     * @return true if it is 1 to 18 decimal digits and nothing else
     */
    public static boolean isContentLength(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= MAX_LENGTH_DIGITS;
    }

    /** Collects fields. Not safe for use by several threads. */
    public static final class Builder {

        private String[] lines;
        private int length;

        private Builder(String[] lines, int length) {
            this.lines = lines;
            this.length = length;
        }

        /**
         * Adds a line after the others.
         *
         * @param name the field name
         * @param value its value
         * @return this builder
         * @throws IllegalArgumentException if name or value is not well formed
         */
        public Builder add(String name, String value) {
            if (!isValidName(name)) {
                throw new IllegalArgumentException("field name: not a token (RFC 9110, section 5.6.2)");
            }
            if (!isValidValue(value)) {
                throw new IllegalArgumentException("field " + name
                        + ": the value has a control character or white space at an end (RFC 9110, section 5.5)");
            }
            if (length == lines.length) {
                lines = Arrays.copyOf(lines, length * 2);
            }
            lines[length++] = name;
            lines[length++] = value;
            return this;
        }

        /**
         * Adds all lines of other fields.
         *
         * @param fields what to add
         * @return this builder
         */
        public Builder addAll(HttpFields fields) {
            fields.forEach(this::add);
            return this;
        }

        /**
         * Replaces every line of this name by one.
         *
         * @param name the field name
         * @param value its only value
         * @return this builder
         * @throws IllegalArgumentException if name or value is not well formed
         */
        public Builder set(String name, String value) {
            return remove(name).add(name, value);
        }

        /**
         * Removes every line of this name.
         *
         * @param name the field name, in any case
         * @return this builder
         */
        public Builder remove(String name) {
            return removeIf(name::equalsIgnoreCase);
        }

        /**
         * Removes every line whose name is chosen.
         *
         * @param chosen receives each name as it was sent
         * @return this builder
         */
        public Builder removeIf(Predicate<? super String> chosen) {
            int kept = 0;
            for (int i = 0; i < length; i += 2) {
                if (!chosen.test(lines[i])) {
                    lines[kept++] = lines[i];
                    lines[kept++] = lines[i + 1];
                }
            }
            length = kept;
            return this;
        }

        /** {@return the fields; the builder can go on being used} */
        public HttpFields build() {
            return new HttpFields(lines.clone(), length);
        }
    }
}
