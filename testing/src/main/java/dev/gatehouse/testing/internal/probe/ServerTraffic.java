package dev.gatehouse.testing.internal.probe;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decrypts the records of a server's handshake in TLS 1.3 (RFC 8446 sections 5.2 and 7.1). Not safe for use by several
 * threads: records are numbered.
 */
final class ServerTraffic {
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Suite suite;
    private final byte[] key;
    private final byte[] iv;
    private long sequenceNumber;

    private ServerTraffic(Suite suite, byte[] key, byte[] iv) {
        this.suite = suite;
        this.key = key;
        this.iv = iv;
    }

    /**
     * Derives the keys.
     *
     * @param cipherSuite code point of the suite that the server chose
     * @param sharedSecret what client and server agreed on
     * @param transcript ClientHello and ServerHello with their headers
     */
    static ServerTraffic of(int cipherSuite, byte[] sharedSecret, byte[] transcript) throws HelloException {
        Suite suite = Suite.of(cipherSuite);
        try {
            byte[] zeros = new byte[suite.digest().getDigestLength()];
            byte[] early = suite.extract(zeros, zeros);
            byte[] derived = suite.expandLabel(early, "derived", suite.digest().digest(), zeros.length);
            byte[] handshake = suite.extract(derived, sharedSecret);
            byte[] traffic =
                    suite.expandLabel(handshake, "s hs traffic", suite.digest().digest(transcript), zeros.length);
            return new ServerTraffic(
                    suite,
                    suite.expandLabel(traffic, "key", new byte[0], suite.keyBytes()),
                    suite.expandLabel(traffic, "iv", new byte[0], IV_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no " + suite + ".", e);
        }
    }

    /** {@return the plain text of one record, whose type is its last byte} */
    byte[] decrypt(byte[] header, byte[] encrypted) throws HelloException {
        byte[] nonce = iv.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[IV_BYTES - 1 - i] ^= (byte) (sequenceNumber >> 8 * i);
        }
        sequenceNumber++;
        try {
            Cipher cipher = Cipher.getInstance(suite.transformation());
            AlgorithmParameterSpec parameters = suite.transformation().startsWith("AES")
                    ? new GCMParameterSpec(TAG_BITS, nonce)
                    : new IvParameterSpec(nonce);
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, suite.keyAlgorithm()), parameters);
            cipher.updateAAD(header);
            byte[] padded = cipher.doFinal(encrypted);
            int end = padded.length;
            while (end > 0 && padded[end - 1] == 0) {
                end--;
            }
            return Arrays.copyOf(padded, end);
        } catch (GeneralSecurityException e) {
            throw new HelloException("A record of the server cannot be decrypted: " + e.getMessage());
        }
    }

    /** The suites of TLS 1.3 that every JDK has. */
    private record Suite(String transformation, String keyAlgorithm, int keyBytes, String hash) {

        static Suite of(int codePoint) throws HelloException {
            return switch (codePoint) {
                case 0x1301 -> new Suite("AES/GCM/NoPadding", "AES", 16, "SHA-256");
                case 0x1302 -> new Suite("AES/GCM/NoPadding", "AES", 32, "SHA-384");
                case 0x1303 -> new Suite("ChaCha20-Poly1305", "ChaCha20", 32, "SHA-256");
                default ->
                    throw new HelloException("The server chose the cipher suite 0x" + Integer.toHexString(codePoint)
                            + ", which a probe cannot decrypt in TLS 1.3. Offer 0x1301, 0x1302 or 0x1303.");
            };
        }

        MessageDigest digest() throws GeneralSecurityException {
            return MessageDigest.getInstance(hash);
        }

        byte[] extract(byte[] salt, byte[] secret) throws GeneralSecurityException {
            return mac(salt, secret);
        }

        /** HKDF-Expand-Label; no key here is longer than one block. */
        byte[] expandLabel(byte[] secret, String label, byte[] context, int length) throws GeneralSecurityException {
            byte[] info = new TlsOutput()
                    .uint16(length)
                    .vector8(("tls13 " + label).getBytes(StandardCharsets.US_ASCII))
                    .vector8(context)
                    .toByteArray();
            byte[] block = mac(secret, new TlsOutput().raw(info).uint8(1).toByteArray());
            return Arrays.copyOf(block, length);
        }

        private byte[] mac(byte[] key, byte[] data) throws GeneralSecurityException {
            String algorithm = "Hmac" + hash.replace("-", "");
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(data);
        }
    }
}
