package dev.gatehouse.routing.internal.http1;

import dev.gatehouse.routing.HttpFields;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Reads field lines (RFC 9112, section 5) from a block whose line ends have been checked. */
final class FieldLines {

    /** In a head, and again in trailers. */
    static final int MAX_FIELDS = 500;

    private FieldLines() {}

    /**
     * Reads all fields of a block, up to its empty line.
     *
     * @param bytes the block
     * @param from where its first field line begins
     * @param kept which names are kept
     */
    static HttpFields parse(byte[] bytes, int from, Predicate<String> kept) throws MalformedResponseException {
        HttpFields.Builder fields = HttpFields.builder();
        int start = from;
        for (int count = 1; bytes[start] != '\r'; count++) {
            if (count > MAX_FIELDS) {
                throw new MalformedResponseException("more than " + MAX_FIELDS + " fields in head or trailers");
            }
            int end = start;
            while (bytes[end] != '\r') {
                end++;
            }
            addLine(bytes, start, end, fields, kept);
            start = end + 2;
        }
        return fields.build();
    }

    private static void addLine(byte[] bytes, int from, int to, HttpFields.Builder fields, Predicate<String> kept)
            throws MalformedResponseException {
        if (isWhitespace(bytes[from])) {
            throw new MalformedResponseException("a folded field line (RFC 9112, section 5.2)");
        }
        int colon = from;
        while (colon < to && bytes[colon] != ':') {
            colon++;
        }
        if (colon == to) {
            throw new MalformedResponseException("a field line without a colon");
        }
        int valueFrom = colon + 1;
        int valueTo = to;
        while (valueFrom < valueTo && isWhitespace(bytes[valueFrom])) {
            valueFrom++;
        }
        while (valueTo > valueFrom && isWhitespace(bytes[valueTo - 1])) {
            valueTo--;
        }
        String name = new String(bytes, from, colon - from, StandardCharsets.ISO_8859_1);
        String value = new String(bytes, valueFrom, valueTo - valueFrom, StandardCharsets.ISO_8859_1);
        if (!HttpFields.isValidName(name)) {
            throw new MalformedResponseException("a field name that is not a token (RFC 9110, section 5.1)");
        }
        if (!HttpFields.isValidValue(value)) {
            throw new MalformedResponseException("a control character in the value of field " + name);
        }
        if (kept.test(name)) {
            fields.add(name, value);
        }
    }

    private static boolean isWhitespace(byte b) {
        return b == ' ' || b == '\t';
    }
}
