package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatehouse.routing.HttpFields;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1 messages from a socket, strictly: whatever is not well framed is an exception. */
final class HttpReader {

    private final InputStream in;

    HttpReader(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    InputStream stream() {
        return in;
    }

    /** Reads up to and including the empty line; null at the end of the connection. */
    byte @Nullable [] readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ending = 0;
        while (ending < 4) {
            int c = in.read();
            if (c < 0) {
                if (head.size() == 0) {
                    return null;
                }
                throw new EOFException("connection closed within a head: " + head.toString(ISO_8859_1));
            }
            head.write(c);
            ending = c == "\r\n\r\n".charAt(ending) ? ending + 1 : c == '\r' ? 1 : 0;
        }
        return head.toByteArray();
    }

    /** Reads the content that follows the head of a request. */
    HttpMessage readContent(byte[] head) throws IOException {
        return withBody(head, false);
    }

    HttpMessage readResponse(boolean toHead) throws IOException {
        byte[] head = readHead();
        if (head == null) {
            throw new EOFException("connection closed before a response");
        }
        String[] lines = HttpMessage.lines(head);
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        if (toHead || status < 200 || status == 204 || status == 304) {
            return new HttpMessage(lines[0], HttpMessage.fields(lines), new byte[0], HttpFields.empty());
        }
        return withBody(head, true);
    }

    private HttpMessage withBody(byte[] head, boolean response) throws IOException {
        String[] lines = HttpMessage.lines(head);
        HttpFields fields = HttpMessage.fields(lines);
        String length = fields.get("Content-Length");
        if (fields.contains("Transfer-Encoding")) {
            if (length != null) {
                throw new IOException("Content-Length and Transfer-Encoding in one message");
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            HttpFields trailers = readChunks(body);
            return new HttpMessage(lines[0], fields, body.toByteArray(), trailers);
        }
        byte[] body =
                length != null ? readExactly(Integer.parseInt(length)) : response ? in.readAllBytes() : new byte[0];
        return new HttpMessage(lines[0], fields, body, HttpFields.empty());
    }

    HttpFields readChunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            if (size == 0) {
                return readTrailers();
            }
            body.write(readExactly(size));
            if (!readLine().isEmpty()) {
                throw new IOException("chunk longer than its size");
            }
        }
    }

    private HttpFields readTrailers() throws IOException {
        StringBuilder trailers = new StringBuilder("trailers");
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            trailers.append("\r\n").append(line);
        }
        return HttpMessage.fields(trailers.toString().split("\r\n"));
    }

    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("connection closed within a line: " + line);
            }
            if (c == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) c);
        }
    }

    byte[] readExactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("connection closed after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }
}
