package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits PEM text (RFC 7468) into its sections, in one pass. What stands between them is passed over, and so are
 * sections that are neither certificate nor private key. Line ends do not matter, not even that there are any: variables
 * of an environment often hold PEM in one line.
 */
public final class PemText {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int MAX_LABEL = 64;

    private final String text;
    private final List<PemSection> sections = new ArrayList<>();
    private int line = 1;
    private int lineCountedTo;

    private PemText(String text) {
        this.text = text;
    }

    /**
     * Splits the content of a file.
     *
     * @param content its bytes
     * @return the certificates and private keys, in their order; none if it is not PEM
     * @throws CredentialException if a section is cut short or damaged
     */
    public static List<PemSection> sections(byte[] content) {
        return sections(decode(content));
    }

    /**
     * Reads the characters of a file.
     *
     * @param content its bytes: ASCII or a superset of it, or UTF-16 with a byte order mark
     * @return the text
     */
    public static String decode(byte[] content) {
        return new String(content, PemEncoding.of(content));
    }

    /**
     * Splits a text.
     *
     * @param text the text
     * @return the certificates and private keys, in their order; none if it is not PEM
     * @throws CredentialException if a section is cut short or damaged
     */
    public static List<PemSection> sections(String text) {
        return new PemText(text).split();
    }

    private List<PemSection> split() {
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            String label = labelAt(begin + BEGIN.length());
            begin = text.indexOf(BEGIN, label == null ? begin + BEGIN.length() : endOfSection(begin, label));
        }
        return List.copyOf(sections);
    }

    private @Nullable String labelAt(int start) {
        int end = text.indexOf(DASHES, start);
        if (end < 0 || end - start > MAX_LABEL) {
            return null;
        }
        String label = text.substring(start, end);
        return label.indexOf('\n') < 0 ? label : null;
    }

    private int endOfSection(int begin, String label) {
        int bodyStart = begin + BEGIN.length() + label.length() + DASHES.length();
        int bodyEnd = text.indexOf(END, bodyStart);
        String endLine = END + label + DASHES;
        int nextBegin = text.indexOf(BEGIN, bodyStart);
        boolean isOpen = bodyEnd < 0 || nextBegin >= 0 && nextBegin < bodyEnd || !text.startsWith(endLine, bodyEnd);
        if (isOpen) {
            throw new CredentialException("Line " + lineOf(begin) + ": " + BEGIN + label + DASHES + " has no " + endLine
                    + " of its own. Is the file complete? Write it under another name and rename it.");
        }
        if (PemSection.isOfInterest(label)) {
            sections.add(section(label, lineOf(begin), text.substring(bodyStart, bodyEnd)));
        }
        return bodyEnd + endLine.length();
    }

    private static PemSection section(String label, int line, String body) {
        if (body.indexOf(':') < 0) {
            return new PemSection(label, null, fromBase64(label, line, body), line);
        }
        String base64 = body.substring(PemHeaders.end(body));
        return new PemSection(label, PemHeaders.dekInfo(body), fromBase64(label, line, base64), line);
    }

    private static byte[] fromBase64(String label, int line, String base64) {
        try {
            byte[] der = Base64.getDecoder().decode(withoutBlanks(base64));
            if (der.length > 0) {
                return der;
            }
        } catch (IllegalArgumentException damaged) {
            throw new CredentialException(
                    "Line " + line + ": the base64 of section " + label
                            + " is damaged or cut short. Copy the file again from its source.",
                    damaged);
        }
        throw new CredentialException("Line " + line + ": section " + label + " is empty. Is the file complete?");
    }

    /** What is not Latin-1 becomes a question mark, which is no base64 either. */
    private static byte[] withoutBlanks(String base64) {
        byte[] characters = base64.getBytes(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (byte character : characters) {
            if (character > ' ' || character < 0) {
                characters[length++] = character;
            }
        }
        return Arrays.copyOf(characters, length);
    }

    private int lineOf(int index) {
        for (int i = text.indexOf('\n', lineCountedTo); i >= 0 && i < index; i = text.indexOf('\n', i + 1)) {
            line++;
        }
        lineCountedTo = index;
        return line;
    }
}
