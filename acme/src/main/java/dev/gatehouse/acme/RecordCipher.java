package dev.gatehouse.acme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts the contents of records, for every kind of storage: AES-256 in Galois/Counter Mode with a random nonce. The
 * record's key is bound to it as associated data, so that the content of one record is not taken for that of another.
 *
 * <p>Encrypted content is: a byte 1, the id of the key (8 bytes), the nonce (12 bytes), the ciphertext with its tag of 16
 * bytes; {@value #OVERHEAD_BYTES} bytes more than what was encrypted. With random nonces a key is good for some billion
 * records.
 *
 * <p>Safe for use by several threads; nothing blocks.
 */
public final class RecordCipher {

    /** By how many bytes content grows. */
    public static final int OVERHEAD_BYTES = 37;

    private static final byte FORMAT = 1;
    private static final int ID_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;

    private final EncryptionKeys keys;
    private final SecureRandom random = new SecureRandom();

    private RecordCipher(EncryptionKeys keys) {
        this.keys = keys;
    }

    /**
     * Makes a cipher.
     *
     * @param keys the first one encrypts, all decrypt
     * @return the cipher
     */
    public static RecordCipher using(EncryptionKeys keys) {
        return new RecordCipher(keys);
    }

    /** {@return the id of the key that encrypts} */
    public String currentKeyId() {
        return keys.currentId();
    }

    /**
     * Encrypts the content of a record.
     *
     * @param key the record
     * @param content its content
     * @return the encrypted content
     */
    public byte[] encrypt(RecordKey key, byte[] content) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, keys.current(), nonce, key).doFinal(content);
            return ByteBuffer.allocate(HEAD_BYTES + ciphertext.length)
                    .put(FORMAT)
                    .put(HexFormat.of().parseHex(keys.currentId()))
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every JVM has AES-GCM", impossible);
        }
    }

    /**
     * Decrypts the content of a record.
     *
     * @param key the record
     * @param encrypted what {@link #encrypt} returned for it
     * @return its content
     * @throws EncryptionKeyMissingException if it was encrypted with a key that is not among those given
     * @throws GeneralSecurityException if it was encrypted for another record, or altered since
     */
    public byte[] decrypt(RecordKey key, byte[] encrypted)
            throws EncryptionKeyMissingException, GeneralSecurityException {
        if (encrypted.length < OVERHEAD_BYTES || encrypted[0] != FORMAT) {
            throw new AEADBadTagException(key + ": is not encrypted content");
        }
        String id = HexFormat.of().formatHex(encrypted, 1, 1 + ID_BYTES);
        SecretKey secret = keys.find(id).orElseThrow(() -> new EncryptionKeyMissingException(key, id, keys.ids()));
        byte[] nonce = Arrays.copyOfRange(encrypted, 1 + ID_BYTES, HEAD_BYTES);
        return cipher(Cipher.DECRYPT_MODE, secret, nonce, key)
                .doFinal(encrypted, HEAD_BYTES, encrypted.length - HEAD_BYTES);
    }

    private static Cipher cipher(int mode, SecretKey secret, byte[] nonce, RecordKey key)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(("gatehouse record\0" + key.kind() + "\0" + key.name()).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** {@return the ids of the keys} */
    @Override
    public String toString() {
        return "AES-256-GCM with " + keys;
    }
}
