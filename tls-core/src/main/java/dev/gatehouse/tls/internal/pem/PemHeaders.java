package dev.gatehouse.tls.internal.pem;

import org.jspecify.annotations.Nullable;

/** The header fields that old private keys have between BEGIN and their base64 (RFC 1421, section 4.6). */
final class PemHeaders {

    private static final String DEK_INFO = "DEK-Info:";

    private PemHeaders() {}

    static @Nullable String dekInfo(String body) {
        int field = body.indexOf(DEK_INFO);
        if (field < 0) {
            return null;
        }
        int valueStart = field + DEK_INFO.length();
        return body.substring(valueStart, lineEnd(body, valueStart)).trim();
    }

    /** Where the base64 starts: behind the last line with a colon and the indented lines that continue it. */
    static int end(String body) {
        int end = lineEnd(body, body.lastIndexOf(':'));
        while (isIndented(body, end)) {
            end = lineEnd(body, end);
        }
        return end;
    }

    private static boolean isIndented(String body, int lineStart) {
        return lineStart < body.length()
                && (body.charAt(lineStart) == ' ' || body.charAt(lineStart) == '\t')
                && !body.substring(lineStart, lineEnd(body, lineStart)).isBlank();
    }

    private static int lineEnd(String body, int start) {
        int lineFeed = body.indexOf('\n', start);
        return lineFeed < 0 ? body.length() : lineFeed + 1;
    }
}
