package dev.gatehouse.tls.internal.pem;

import dev.gatehouse.tls.CredentialException;
import java.util.Arrays;

/**
 * Steps through DER (X.690) without copying: a window on an array that moves forward by one element at a time. Not safe
 * for use by several threads.
 */
public final class DerReader {

    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;

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

    boolean isAt(int tag) {
        return position < end && (bytes[position] & 0xff) == tag;
    }

    boolean hasMore() {
        return position < end;
    }

    /** Moves behind the next element and returns a reader of its content. */
    DerReader enter(int tag) {
        int start = contentStart(tag);
        position = start + length(position + 1);
        return new DerReader(bytes, start, position);
    }

    /** Moves behind the next element and returns it, tag and length included. */
    byte[] element(int tag) {
        int start = position;
        enter(tag);
        return Arrays.copyOfRange(bytes, start, position);
    }

    /** Moves behind the next element and returns its content. */
    byte[] content(int tag) {
        return enter(tag).rest();
    }

    DerReader skip(int tag) {
        enter(tag);
        return this;
    }

    void skipAny() {
        if (!hasMore()) {
            throw malformed();
        }
        enter(bytes[position] & 0xff);
    }

    void skipIfAt(int tag) {
        if (isAt(tag)) {
            enter(tag);
        }
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, position, end);
    }

    boolean contentEquals(byte[] other) {
        return Arrays.equals(bytes, position, end, other, 0, other.length);
    }

    private int contentStart(int tag) {
        if (!isAt(tag) || position + 2 > end) {
            throw malformed();
        }
        int first = bytes[position + 1] & 0xff;
        int start = position + 2 + (first < 0x80 ? 0 : first & 0x7f);
        if (start > end || length(position + 1) > end - start) {
            throw malformed();
        }
        return start;
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
