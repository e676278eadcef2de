package dev.gatehouse.tls.internal.pem;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Tells how the characters of a file are encoded. PEM itself is ASCII; only what Windows tools make of it is not. */
final class PemEncoding {

    private PemEncoding() {}

    /** A byte order mark of UTF-8 needs no care, since text before the first section is passed over. */
    static Charset of(byte[] content) {
        if (startsWith(content, 0xff, 0xfe)) {
            return StandardCharsets.UTF_16LE;
        }
        return startsWith(content, 0xfe, 0xff) ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1;
    }

    private static boolean startsWith(byte[] content, int first, int second) {
        return content.length > 1 && (content[0] & 0xff) == first && (content[1] & 0xff) == second;
    }
}
