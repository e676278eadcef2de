package dev.gatehouse.routing.internal.table;

/**
 * The path of a request target as it was sent. Origins read such a path with different liberties: some decode
 * {@code %2F}, some take a backslash for a slash, some merge slashes, some drop {@code ;parameters}, most remove dot
 * segments. This class finds the paths for which that makes a difference.
 */
final class RawPath {

    private RawPath() {}

    /** Where the path ends in a request target: before the query, or where the text ends. */
    static int end(String requestTarget) {
        int query = requestTarget.indexOf('?');
        return query < 0 ? requestTarget.length() : query;
    }

    /** The path of a request target in the form in which it is compared. Of most it is the text itself, uncopied. */
    static String withUpperCaseEncoding(String requestTarget, int pathEnd) {
        int percent = requestTarget.indexOf('%');
        return percent < 0 || percent >= pathEnd ? requestTarget : withUpperCaseEncoding(requestTarget);
    }

    /** Percent-encoding with the letters A to F, which RFC 3986, section 6.2.2.1, calls equal to a to f. Same length. */
    static String withUpperCaseEncoding(String path) {
        int percent = path.indexOf('%');
        if (percent < 0) {
            return path;
        }
        StringBuilder upper = null;
        for (; percent >= 0 && percent + 2 < path.length(); percent = path.indexOf('%', percent + 1)) {
            for (int i = percent + 1; i <= percent + 2; i++) {
                char c = path.charAt(i);
                if (c >= 'a' && c <= 'f') {
                    upper = upper == null ? new StringBuilder(path) : upper;
                    upper.setCharAt(i, (char) (c - 'a' + 'A'));
                }
            }
        }
        return upper == null ? path : upper.toString();
    }

    /** Whether some origin might read the path, which is the text up to its end, as a different one. */
    static boolean isAmbiguous(String path, int pathEnd) {
        for (int i = 0; i < pathEnd; i++) {
            switch (path.charAt(i)) {
                case '\\', ';' -> {
                    return true;
                }
                case '/' -> {
                    if (startsEmptyOrDotSegment(path, i + 1, pathEnd)) {
                        return true;
                    }
                }
                case '%' -> {
                    if (changesWhenDecoded(octet(path, i))) {
                        return true;
                    }
                }
                default -> {
                    // means itself to everyone
                }
            }
        }
        return false;
    }

    private static boolean startsEmptyOrDotSegment(String path, int at, int pathEnd) {
        if (at >= pathEnd) {
            return false;
        }
        if (path.charAt(at) == '/') {
            return true;
        }
        int end = at;
        while (end < pathEnd && path.charAt(end) == '.') {
            end++;
        }
        int dots = end - at;
        return (dots == 1 || dots == 2) && (end == pathEnd || path.charAt(end) == '/');
    }

    /** A slash, a backslash, a semicolon and the unreserved characters, which need no encoding. */
    private static boolean changesWhenDecoded(int octet) {
        return octet == '/' || octet == '\\' || octet == ';' || isUnreserved(octet);
    }

    static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /** The octet that a percent sign at this index begins to encode, or -1 if two hexadecimal digits do not follow. */
    static int octet(String path, int percent) {
        if (percent + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(percent + 1), 16);
        int low = Character.digit(path.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
}
