package dev.gatehouse.tls.internal.der;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are compared by value, for sets and maps. They have an order, so that a map stays fast even if somebody makes
 * up many with the same hash. The array is not copied and must not be changed any more.
 */
public final class Octets implements Comparable<Octets> {

    private final byte[] bytes;
    private final int hash;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /**
     * Takes bytes.
     *
     * @param bytes not changed by anyone from now on
     * @return their value
     */
    public static Octets of(byte[] bytes) {
        return new Octets(bytes);
    }

    @Override
    public int compareTo(Octets other) {
        return Arrays.compare(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Octets that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@return how many there are; they may be secret} */
    @Override
    public String toString() {
        return bytes.length + " octets";
    }
}
