package dev.gatehouse.tls.internal.der;

import dev.gatehouse.tls.CredentialException;
import java.util.Arrays;

/**
 * Steps through DER (X.690) without copying: a window on an array that moves forward by one element at a time. All
 * methods that move throw {@link CredentialException} if the next element is not what they expect, or reaches beyond
 * the window. Not safe for use by several threads.
 */
public final class DerReader {

    /** Tag of a BOOLEAN. */
    public static final int BOOLEAN = 0x01;

    /** Tag of an INTEGER. */
    public static final int INTEGER = 0x02;

    /** Tag of a BIT STRING. */
    public static final int BIT_STRING = 0x03;

    /** Tag of an OCTET STRING. */
    public static final int OCTET_STRING = 0x04;

    /** Tag of a NULL. */
    public static final int NULL = 0x05;

    /** Tag of an OBJECT IDENTIFIER. */
    public static final int OBJECT_IDENTIFIER = 0x06;

    /** Tag of a SEQUENCE. */
    public static final int SEQUENCE = 0x30;

    private final byte[] bytes;
    private final int end;
    private int position;

    private DerReader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    /** {@return a reader that stands before the first element} */
    public static DerReader of(byte[] der) {
        return new DerReader(der, 0, der.length);
    }

    /** {@return a reader that stands before the element at a position} */
    static DerReader at(byte[] der, int position) {
        return new DerReader(der, position, der.length);
    }

    /** Another reader of the same window. */
    DerReader copy() {
        return new DerReader(bytes, position, end);
    }

    int position() {
        return position;
    }

    /** {@return whether the next element has this tag} */
    public boolean isAt(int tag) {
        return position < end && (bytes[position] & 0xff) == tag;
    }

    /** {@return whether there is another element} */
    public boolean hasMore() {
        return position < end;
    }

    /** The tag of the next element; 0, which no element has, behind the last one. */
    int tag() {
        return position < end ? bytes[position] & 0xff : 0;
    }

    /** {@return a reader of the content of the next element; this moves behind it} */
    public DerReader enter(int tag) {
        int start = contentStart(tag);
        position = start + length(position + 1);
        return new DerReader(bytes, start, position);
    }

    /** The same for an element behind which nothing may stand. */
    DerReader enterOnly(int tag) {
        DerReader content = enter(tag);
        if (hasMore()) {
            throw malformed();
        }
        return content;
    }

    /** A window on the next element, tag and length included; this moves behind it. */
    DerReader window(int tag) {
        int start = position;
        enter(tag);
        return new DerReader(bytes, start, position);
    }

    /** {@return a copy of the next element, tag and length included; this moves behind it} */
    public byte[] element(int tag) {
        return window(tag).rest();
    }

    /** {@return a copy of the content of the next element; this moves behind it} */
    public byte[] content(int tag) {
        return enter(tag).rest();
    }

    /** A copy of the content of an INTEGER, in the one encoding that DER gives a number. */
    byte[] integer() {
        byte[] content = content(INTEGER);
        if (content.length == 0 || content.length > 1 && content[0] == content[1] >> 7) {
            throw malformed();
        }
        return content;
    }

    /** The content of a BIT STRING of whole octets. */
    DerReader bits() {
        DerReader content = enter(BIT_STRING);
        if (content.position == content.end || bytes[content.position++] != 0) {
            throw malformed();
        }
        return content;
    }

    /** {@return this, behind the next element} */
    public DerReader skip(int tag) {
        enter(tag);
        return this;
    }

    void skipIfAt(int tag) {
        if (isAt(tag)) {
            enter(tag);
        }
    }

    int length() {
        return end - position;
    }

    byte octet(int index) {
        return bytes[position + index];
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    boolean contentEquals(byte[] other) {
        return Arrays.equals(bytes, position, end, other, 0, other.length);
    }

    boolean contentEquals(DerReader other) {
        return Arrays.equals(bytes, position, end, other.bytes, other.position, other.end);
    }

    /** Whether the next element has this tag and is there to its end. */
    boolean hasWhole(int tag) {
        return isAt(tag) && contentStart() >= 0;
    }

    private int contentStart(int tag) {
        int start = isAt(tag) ? contentStart() : -1;
        if (start < 0) {
            throw malformed();
        }
        return start;
    }

    /** Negative if the next element is cut short. */
    private int contentStart() {
        if (position + 2 > end) {
            return -1;
        }
        int first = bytes[position + 1] & 0xff;
        int start = position + 2 + (first < 0x80 ? 0 : first & 0x7f);
        return start > end || length(position + 1) > end - start ? -1 : start;
    }

    /** Never negative; {@link Integer#MAX_VALUE} for what cannot fit into an array anyway. */
    private int length(int at) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7f;
        if (octets == 0 || octets > 4 || at + octets >= end) {
            return Integer.MAX_VALUE;
        }
        long length = 0;
        for (int i = 1; i <= octets; i++) {
            length = length << 8 | bytes[at + i] & 0xff;
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    private CredentialException malformed() {
        return new CredentialException("The DER data is damaged at byte " + position
                + ". Is the file complete? Copy it again from its source.");
    }
}
