package dev.gatehouse.routing.internal.table;

/** Path prefixes of routes in the one form in which they are compared with raw paths. */
public final class PathPrefix {

    private static final String PATH_PUNCTUATION = "-._~!$&'()*+,;=:@/%";

    private PathPrefix() {}

    /**
     * Brings a prefix into its normal form: one slash at its beginning, none at its end, percent-encoding in upper case.
     *
     * @param prefix the prefix as it is configured
     * @return {@code /}, or a slash and segments
     * @throws IllegalArgumentException if requests can never have, or never safely have, this prefix
     */
    public static String normalize(String prefix) {
        int from = 0;
        int to = prefix.length();
        while (from < to && prefix.charAt(from) == '/') {
            from++;
        }
        while (to > from && prefix.charAt(to - 1) == '/') {
            to--;
        }
        String normalized = RawPath.withUpperCaseEncoding("/" + prefix.substring(from, to));
        for (int i = 0; i < normalized.length(); i++) {
            char c = normalized.charAt(i);
            if (!isPathCharacter(c)) {
                throw new IllegalArgumentException("path prefix " + prefix + ": the character at index "
                        + (from + i - 1) + " cannot occur in a path (percent-encode it, as clients do)");
            }
        }
        if (RawPath.isAmbiguous(normalized, normalized.length())) {
            throw new IllegalArgumentException("path prefix " + prefix + ": has empty or dot segments, parameters, or"
                    + " encoding that is not needed (write the path as clients send it, such as /api/v2)");
        }
        return normalized;
    }

    private static boolean isPathCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PATH_PUNCTUATION.indexOf(c) >= 0;
    }

    /**
     * Takes a prefix off a request target.
     *
     * @param prefix the prefix in its normal form, which covers the path of the target
     * @param target path and query
     * @return what is left, beginning with a slash, in the encoding in which it was sent
     */
    public static String strip(String prefix, String target) {
        if (prefix.length() == 1) {
            return target;
        }
        String rest = target.substring(prefix.length());
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
