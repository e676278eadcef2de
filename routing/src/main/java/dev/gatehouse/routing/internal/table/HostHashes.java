package dev.gatehouse.routing.internal.table;

import java.security.SecureRandom;

/**
 * The hashes of a name and of what follows its left-most label, both in one {@code long} and in one pass from right to left,
 * so that a lookup needs neither a copy of the name nor one of its parts. They differ from JVM to JVM: nobody who may choose
 * hosts can choose ones that collide.
 */
final class HostHashes {

    /** What {@link #ofPlainName} returns for everything else. No hash of a name is zero. */
    static final long NOT_PLAIN = 0;

    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

    /** The lower case of what names consist of, and zero for all other characters. */
    private static final byte[] NAME_CHARACTERS = nameCharacters();

    private HostHashes() {}

    private static byte[] nameCharacters() {
        byte[] characters = new byte[128];
        for (char c : "abcdefghijklmnopqrstuvwxyz0123456789-_.".toCharArray()) {
            characters[Character.toUpperCase(c)] = (byte) c;
            characters[c] = (byte) c;
        }
        return characters;
    }

    /**
     * Hashes a name as clients usually send it. Letters of both cases have the same hash.
     *
     * @return the hashes, or {@link #NOT_PLAIN} for all that {@link HostName} has to look at more closely: what is not a
     *     name, an address, a name with a dot or digit at its end or with other than ASCII characters
     */
    static long ofPlainName(String text, int length) {
        if (length == 0 || length > MAX_LENGTH || isDigit(text.charAt(length - 1))) {
            return NOT_PLAIN;
        }
        long hash = 0;
        long parent = 0;
        int labelEnd = length;
        for (int i = length - 1; i >= 0; i--) {
            char c = text.charAt(i);
            int lowered = c < 128 ? NAME_CHARACTERS[c] : 0;
            if (lowered == 0) {
                return NOT_PLAIN;
            }
            if (lowered == '.') {
                if (!isLabelLength(labelEnd - i - 1)) {
                    return NOT_PLAIN;
                }
                labelEnd = i;
                parent = hash;
            }
            hash = append(hash, lowered);
        }
        return isLabelLength(labelEnd) ? both(hash, parent) : NOT_PLAIN;
    }

    /** Hashes a host in its normal form, which may be an address. */
    static long ofNormalHost(String host) {
        long hash = 0;
        long parent = 0;
        for (int i = host.length() - 1; i >= 0; i--) {
            char c = host.charAt(i);
            parent = c == '.' ? hash : parent;
            hash = append(hash, c);
        }
        return both(hash, parent);
    }

    static int whole(long hashes) {
        return (int) (hashes >>> 32);
    }

    /** The hash of what follows the left-most label; zero, which is nobody's, if there is only one label. */
    static int parent(long hashes) {
        return (int) hashes;
    }

    private static long append(long hash, int c) {
        return (hash ^ c) * MULTIPLIER;
    }

    private static long both(long hash, long parent) {
        return (long) finished(hash) << 32 | (parent == 0 ? 0 : finished(parent) & 0xffffffffL);
    }

    private static int finished(long hash) {
        return (int) ((hash ^ hash >>> 29) * MULTIPLIER >>> 32) | 1;
    }

    private static boolean isLabelLength(int length) {
        return length > 0 && length <= MAX_LABEL_LENGTH;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
