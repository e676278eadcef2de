package dev.gatehouse.tls;

import java.security.SecureRandom;

/**
 * SipHash-1-3 of a name, with 128 bits of result, under a key that each JVM draws for itself and shows to nobody. So neither
 * clients nor customers who bring names along can make up names that collide. (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF"; with one round for a word and three at the end it is what the hash tables of several languages use.)
 *
 * <p>Confined to one thread.
 */
final class SipHash {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long KEY_0 = RANDOM.nextLong();
    private static final long KEY_1 = RANDOM.nextLong();

    private static final int ROUNDS_AT_END = 3;

    private final long key0;
    private final long key1;
    private long first;
    private long second;

    private SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /**
     * Hashes the end of a name.
     *
     * @param name ASCII
     * @param from the index where the end begins
     */
    static SipHash of(String name, int from) {
        return new SipHash(KEY_0, KEY_1).next(name, from);
    }

    /** Hashes a name under a key that is known, for a comparison with others' results. */
    static SipHash of(String name, long key0, long key1) {
        return new SipHash(key0, key1).next(name, 0);
    }

    /** Hashes the end of another name, and forgets the hash that was here: a look-up of two names makes one object. */
    SipHash next(String name, int from) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = (name.length() - from) / Long.BYTES + 1;
        for (int i = 0; i < words + 2 * ROUNDS_AT_END; i++) {
            if (i == words) {
                v2 ^= 0xee;
            } else if (i == words + ROUNDS_AT_END) {
                first = v0 ^ v1 ^ v2 ^ v3;
                v1 ^= 0xdd;
            }
            long word = i < words ? word(name, from, from + i * Long.BYTES) : 0;
            v3 ^= word;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        second = v0 ^ v1 ^ v2 ^ v3;
        return this;
    }

    /** Eight characters, or what is left of them below the length of all. */
    private static long word(String name, int from, int at) {
        int left = name.length() - at;
        if (left >= Long.BYTES) {
            return fourAt(name, at) | fourAt(name, at + 4) << 32;
        }
        long word = (long) (name.length() - from) << 56;
        for (int i = 0; i < left; i++) {
            word |= (long) name.charAt(at + i) << i * Byte.SIZE;
        }
        return word;
    }

    private static long fourAt(String name, int at) {
        return name.charAt(at)
                | name.charAt(at + 1) << 8
                | name.charAt(at + 2) << 16
                | (long) name.charAt(at + 3) << 24;
    }

    long first() {
        return first;
    }

    long second() {
        return second;
    }
}
