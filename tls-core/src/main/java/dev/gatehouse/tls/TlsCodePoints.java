package dev.gatehouse.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A list of 16-bit code points of the IANA registries of TLS, such as cipher suites, in the order of the client's
 * preference. Those that are reserved to keep servers tolerant (GREASE, RFC 8701) are not in it.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TlsCodePoints {

    private static final TlsCodePoints NONE = new TlsCodePoints(new char[0]);

    private final char[] values;

    private TlsCodePoints(char[] values) {
        this.values = values;
    }

    /**
     * Makes a list.
     *
     * @param codePoints from 0 to 65535
     * @return the list without reserved (GREASE) values
     * @throws IllegalArgumentException if a value is out of range
     */
    public static TlsCodePoints of(int... codePoints) {
        for (int codePoint : codePoints) {
            if (codePoint < 0 || codePoint > 0xffff) {
                throw new IllegalArgumentException(
                        "Code point " + codePoint + " is out of range. Give one from 0 to 65535.");
            }
        }
        char[] values = new char[codePoints.length];
        int size = 0;
        for (int codePoint : codePoints) {
            if (!isReserved(codePoint)) {
                values[size++] = (char) codePoint;
            }
        }
        return of(values, size);
    }

    /** Reads big-endian pairs of bytes from {@code from} to {@code to}; their number is even. */
    static TlsCodePoints read(ByteBuffer bytes, int from, int to) {
        char[] values = new char[(to - from) / 2];
        int size = 0;
        for (int i = from; i < to; i += 2) {
            char value = bytes.getChar(i);
            values[size] = value;
            size += isReserved(value) ? 0 : 1;
        }
        return of(values, size);
    }

    private static TlsCodePoints of(char[] values, int size) {
        if (size == 0) {
            return NONE;
        }
        return new TlsCodePoints(size == values.length ? values : Arrays.copyOf(values, size));
    }

    /** {@return an empty list} */
    public static TlsCodePoints none() {
        return NONE;
    }

    /** Two equal bytes that end in the digit A. */
    private static boolean isReserved(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }

    /** {@return whether there are none} */
    public boolean isEmpty() {
        return values.length == 0;
    }

    /** {@return how many there are} */
    public int size() {
        return values.length;
    }

    /**
     * Gets one of the list.
     *
     * @param index from 0
     * @return the code point, from 0 to 65535
     * @throws IndexOutOfBoundsException if the list is shorter
     */
    public int get(int index) {
        return values[index];
    }

    /**
     * Looks for a code point.
     *
     * @param codePoint such as {@code 0x1301} for {@code TLS_AES_128_GCM_SHA256}
     * @return whether it is in the list
     */
    public boolean contains(int codePoint) {
        for (char value : values) {
            if (value == codePoint) {
                return true;
            }
        }
        return false;
    }

    /** {@return all in order} */
    public IntStream stream() {
        return IntStream.range(0, values.length).map(i -> values[i]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsCodePoints that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** {@return hexadecimal numbers in brackets, such as {@code [0x1301, 0x1302]}} */
    @Override
    public String toString() {
        return stream().mapToObj(TlsCodePoints::hex).collect(Collectors.joining(", ", "[", "]"));
    }

    static String hex(int codePoint) {
        return String.format("0x%04x", codePoint);
    }
}
