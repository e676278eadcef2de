package dev.gatehouse.acme.internal.challenge;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an HTTP request, as far as a challenge or a redirect needs it.
 *
 * @param method such as {@code GET}
 * @param target path and query, as the client has sent them
 * @param host the value of the header, if there is exactly one
 */
record HttpRequestHead(String method, String target, Optional<String> host) {

    static final int MAX_BYTES = 8192;

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{1,16}) (/[\\x21-\\x7e]*) HTTP/1\\.[01]");
    private static final Pattern HOST = Pattern.compile("(?i)host:[ \\t]*([!-~]{1,300})[ \\t]*");

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * Reads a head, within a time for all of it.
     *
     * @return the head, or empty if it is too long or malformed
     * @throws IOException if the client leaves, or is too slow
     */
    static Optional<HttpRequestHead> read(Socket socket, Duration time) throws IOException {
        long deadline = System.nanoTime() + time.toNanos();
        InputStream in = socket.getInputStream();
        byte[] received = new byte[MAX_BYTES];
        int length = 0;
        while (true) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new SocketTimeoutException("no whole request head within " + time.toMillis() + " ms");
            }
            socket.setSoTimeout((int) millis);
            int count = in.read(received, length, MAX_BYTES - length);
            if (count < 0) {
                throw new IOException("left before the end of its request head");
            }
            length += count;
            String text = new String(received, 0, length, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                return parse(text.substring(0, end));
            }
            if (length == MAX_BYTES) {
                return Optional.empty();
            }
        }
    }

    static Optional<HttpRequestHead> parse(String head) {
        String[] lines = head.split("\r\n", -1);
        Matcher request = REQUEST_LINE.matcher(lines[0]);
        if (!request.matches()) {
            return Optional.empty();
        }
        String host = null;
        for (int i = 1; i < lines.length; i++) {
            Matcher header = HOST.matcher(lines[i]);
            if (header.matches()) {
                if (host != null) {
                    return Optional.empty();
                }
                host = header.group(1);
            }
        }
        return Optional.of(new HttpRequestHead(request.group(1), request.group(2), Optional.ofNullable(host)));
    }
}
