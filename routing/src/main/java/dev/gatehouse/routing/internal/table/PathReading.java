package dev.gatehouse.routing.internal.table;

import java.util.ArrayList;
import java.util.List;

/**
 * One way in which an origin may read a raw path. All of them remove dot segments (also {@code %2E}) and decode
 * unreserved characters; each combination of the other liberties is a reading of its own.
 */
final class PathReading {

    /** {@code %2F} separates segments. */
    private static final int DECODE_SLASH = 1;

    /** A backslash, or {@code %5C}, separates segments. */
    private static final int BACKSLASH_SEPARATES = 2;

    /** Empty segments do not count. */
    private static final int MERGE_SLASHES = 4;

    /** What follows a semicolon, or {@code %3B}, in a segment does not belong to the path. */
    private static final int DROP_PARAMETERS = 8;

    static final int COUNT = 16;

    private final String path;
    private final int liberties;
    private final List<String> segments = new ArrayList<>();
    private final StringBuilder segment = new StringBuilder();
    private final int floor;
    private boolean insideParameters;
    private boolean climbedAbove;

    private PathReading(String path, int liberties, int floor) {
        this.path = path;
        this.liberties = liberties;
        this.floor = floor;
    }

    /**
     * Reads a path.
     *
     * @param path a raw path
     * @param liberties from 0 to {@link #COUNT} - 1
     * @param prefix the prefix whose service gets the request
     * @return the reading
     */
    static PathReading of(String path, int liberties, String prefix) {
        int depth = prefix.length() == 1
                ? 0
                : (int) prefix.chars().filter(c -> c == '/').count();
        PathReading reading = new PathReading(path, liberties, depth);
        reading.read();
        return reading;
    }

    /** Whether the path climbs above the prefix on its way, wherever it then ends. */
    boolean climbsAbovePrefix() {
        return climbedAbove;
    }

    /** The path as this reading understands it. */
    String normalPath() {
        return "/" + String.join("/", segments);
    }

    private void read() {
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = c == '%' ? RawPath.octet(path, i) : -1;
            boolean encoded = octet >= 0;
            int read = encoded ? octet : c;
            if (isSeparator(read, encoded)) {
                endSegment(false);
                i += encoded ? 2 : 0;
            } else if (read == ';' && has(DROP_PARAMETERS)) {
                insideParameters = true;
                i += encoded ? 2 : 0;
            } else if (encoded && RawPath.isUnreserved(octet)) {
                append((char) octet);
                i += 2;
            } else {
                append(c);
            }
        }
        endSegment(true);
    }

    private boolean isSeparator(int c, boolean encoded) {
        return (c == '/' && (!encoded || has(DECODE_SLASH))) || (c == '\\' && has(BACKSLASH_SEPARATES));
    }

    private boolean has(int liberty) {
        return (liberties & liberty) != 0;
    }

    private void append(char c) {
        if (!insideParameters) {
            segment.append(c);
        }
    }

    private void endSegment(boolean last) {
        String name = segment.toString();
        segment.setLength(0);
        insideParameters = false;
        if (name.equals("..")) {
            climbedAbove |= segments.size() <= floor;
            if (!segments.isEmpty()) {
                segments.remove(segments.size() - 1);
            }
        } else if (!name.equals(".") && (!name.isEmpty() || last || !has(MERGE_SLASHES))) {
            segments.add(RawPath.withUpperCaseEncoding(name));
        }
    }
}
