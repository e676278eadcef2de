package dev.gatehouse.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes hellos by hand, well-formed ones and others. */
final class HelloBytes {

    private int legacyVersion = 0x0303;
    private byte[] sessionId = {};
    private byte[] cipherSuites = hex("1301c02bc02f");
    private byte[] compressionMethods = {0};
    private byte @Nullable [] extensions;
    private byte[] trailer = {};

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes behind one byte with their length. */
    static byte[] vector8(byte[]... parts) {
        byte[] content = concat(parts);
        return concat(new byte[] {(byte) content.length}, content);
    }

    /** The bytes behind two bytes with their length. */
    static byte[] vector16(byte[]... parts) {
        byte[] content = concat(parts);
        return concat(uint16(content.length), content);
    }

    static byte[] uint16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] extension(int type, byte[]... data) {
        return concat(uint16(type), vector16(data));
    }

    /** An extension with one host name. */
    static byte[] serverName(String name) {
        return extension(0, vector16(hostName(name)));
    }

    static byte[] hostName(String name) {
        return concat(new byte[] {0}, vector16(ascii(name)));
    }

    /** Cuts a message into records of a size. */
    static byte[] records(byte[] message, int fragmentSize) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < message.length; i += fragmentSize) {
            records.writeBytes(record(Arrays.copyOfRange(message, i, Math.min(i + fragmentSize, message.length))));
        }
        return records.toByteArray();
    }

    static byte[] record(byte[] fragment) {
        return concat(hex("16 0301"), vector16(fragment));
    }

    /** Puts a header before the body of a message. */
    static byte[] message(int type, byte[] body) {
        return concat(new byte[] {(byte) type, (byte) (body.length >> 16)}, uint16(body.length), body);
    }

    HelloBytes legacyVersion(int version) {
        legacyVersion = version;
        return this;
    }

    HelloBytes sessionId(byte[] id) {
        sessionId = id;
        return this;
    }

    HelloBytes cipherSuites(String hex) {
        cipherSuites = hex(hex);
        return this;
    }

    HelloBytes compressionMethods(String hex) {
        compressionMethods = hex(hex);
        return this;
    }

    HelloBytes extensions(byte[]... all) {
        extensions = concat(all);
        return this;
    }

    HelloBytes trailer(String hex) {
        trailer = hex(hex);
        return this;
    }

    byte[] message() {
        return message(
                1,
                concat(
                        uint16(legacyVersion),
                        new byte[32],
                        vector8(sessionId),
                        vector16(cipherSuites),
                        vector8(compressionMethods),
                        extensions == null ? new byte[0] : vector16(extensions),
                        trailer));
    }

    /** In one record. */
    byte[] bytes() {
        return record(message());
    }
}
