package dev.gatehouse.tls.internal.der;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The first half of a SHA-256, small enough to be kept for every file. It tells contents apart, also those that somebody
 * has made up; nothing is believed for the sake of it.
 *
 * @param high the first eight bytes
 * @param low the next eight bytes
 */
public record Digest(long high, long low) {

    /**
     * Digests bytes.
     *
     * @param content the bytes
     * @return their digest
     */
    public static Digest of(byte[] content) {
        return first(sha256().digest(content));
    }

    /**
     * Digests a list of digests.
     *
     * @param digests what is digested, in this order
     * @return their digest
     */
    public static Digest ofAll(List<Digest> digests) {
        ByteBuffer bytes = ByteBuffer.allocate(digests.size() * 2 * Long.BYTES);
        digests.forEach(digest -> bytes.putLong(digest.high).putLong(digest.low));
        return of(bytes.array());
    }

    private static Digest first(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256);
        return new Digest(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256. Check java.security.", impossible);
        }
    }
}
