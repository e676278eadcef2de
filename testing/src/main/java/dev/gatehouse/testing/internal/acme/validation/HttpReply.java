package dev.gatehouse.testing.internal.acme.validation;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The response to a validation request (RFC 9112), read up to fixed limits. Of the content no more is read than a key
 * authorization and its trailing white space can need; what follows is left unread and the connection is closed.
 *
 * @param status the status code
 * @param fields the last value of each field, by name in lower case
 * @param content the beginning of the content
 */
record HttpReply(int status, Map<String, String> fields, String content) {
    static final int MAX_CONTENT = 4096;

    private static final int MAX_LINE = 8192;
    private static final int MAX_FIELDS = 100;
    private static final int MAX_INTERIM = 10;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9][0-9])(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,7})(?:[ \\t]*;.*)?");

    /** Reads the final response, passing over interim ones. */
    static HttpReply read(InputStream input) throws IOException {
        for (int interim = 0; interim <= MAX_INTERIM; interim++) {
            int status = status(line(input));
            Map<String, String> fields = fields(input);
            if (status >= 200) {
                return new HttpReply(
                        status, fields, new String(content(input, status, fields), StandardCharsets.UTF_8));
            }
        }
        throw new ProtocolException("more than " + MAX_INTERIM + " interim responses");
    }

    /** {@return the value of a field} */
    Optional<String> field(String lowerCaseName) {
        return Optional.ofNullable(fields.get(lowerCaseName));
    }

    private static int status(String line) throws IOException {
        Matcher matcher = STATUS_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new ProtocolException("the answer does not begin with an HTTP/1.1 status line");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static Map<String, String> fields(InputStream input) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (int count = 0; count <= MAX_FIELDS; count++) {
            String line = line(input);
            if (line.isEmpty()) {
                return fields;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("a header line of the answer has no field name");
            }
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        throw new ProtocolException("the answer has more than " + MAX_FIELDS + " header fields");
    }

    private static byte[] content(InputStream input, int status, Map<String, String> fields) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        if (fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked")) {
            return chunks(input);
        }
        String length = fields.get("content-length");
        if (length == null) {
            return input.readNBytes(MAX_CONTENT);
        }
        return exactly(input, declared(length));
    }

    private static int declared(String length) throws IOException {
        if (!length.matches("[0-9]{1,18}")) {
            throw new ProtocolException("the answer has a malformed Content-Length");
        }
        return (int) Math.min(Long.parseLong(length), MAX_CONTENT);
    }

    private static byte[] chunks(InputStream input) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (content.size() < MAX_CONTENT) {
            Matcher size = CHUNK_SIZE.matcher(line(input));
            if (!size.matches()) {
                throw new ProtocolException("a chunk of the answer has a malformed size");
            }
            int length = Integer.parseInt(size.group(1), 16);
            if (length == 0) {
                break;
            }
            content.writeBytes(exactly(input, Math.min(length, MAX_CONTENT - content.size())));
            if (content.size() < MAX_CONTENT && !line(input).isEmpty()) {
                throw new ProtocolException("a chunk of the answer is longer than its size says");
            }
        }
        return content.toByteArray();
    }

    private static byte[] exactly(InputStream input, int length) throws IOException {
        byte[] content = input.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("the connection was closed in the middle of the content");
        }
        return content;
    }

    private static String line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed before the header was complete");
            }
            if (line.size() >= MAX_LINE) {
                throw new ProtocolException("a header line of the answer is longer than " + MAX_LINE + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
