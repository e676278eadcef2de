package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.routing.HttpFields;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request or response as it was on the wire.
 *
 * @param startLine the first line
 * @param fields the fields of the head
 * @param body the content without its framing
 * @param trailers the fields behind it
 */
public record HttpMessage(String startLine, HttpFields fields, byte[] body, HttpFields trailers) {

    /** {@return the status of a response} */
    public int status() {
        return Integer.parseInt(startLine.split(" ", 3)[1]);
    }

    /** {@return the target of a request} */
    public String target() {
        return startLine.split(" ", 3)[1];
    }

    /**
     * {@return the value of a field, null if there is none}
     *
     * @param name its name
     */
    public @Nullable String header(String name) {
        return fields.get(name);
    }

    /** {@return the content as UTF-8} */
    public String text() {
        return new String(body, UTF_8);
    }

    static HttpFields fields(String[] lines) {
        HttpFields.Builder builder = HttpFields.builder();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            builder.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return builder.build();
    }

    static String[] lines(byte[] head) {
        return new String(head, ISO_8859_1).split("\r\n");
    }

    @Override
    public String toString() {
        return startLine + " " + fields + " " + body.length + " bytes";
    }
}
