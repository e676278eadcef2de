package dev.gatehouse.testing.internal.probe;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes the messages of a handshake out of the records of a server. Not safe for use by several threads. */
final class HandshakeReader {
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int LONGEST_RECORD = (1 << 14) + 256;
    private static final int LONGEST_MESSAGE = 1 << 18;
    private static final int MESSAGE_HEADER = 4;

    private final DataInputStream in;
    private byte[] pending = new byte[0];
    private @Nullable ServerTraffic traffic;

    HandshakeReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** Decrypts from now on. */
    void decryptWith(ServerTraffic newTraffic) {
        traffic = newTraffic;
    }

    /**
     * Reads a message.
     *
     * @return type, length and body, as they go into the transcript
     * @throws AlertException if the server sent an alert in its place
     */
    byte[] next() throws IOException {
        while (true) {
            if (pending.length >= MESSAGE_HEADER) {
                int length = MESSAGE_HEADER + length(pending);
                if (length > LONGEST_MESSAGE) {
                    throw new HelloException("The server sent a handshake message of " + length + " bytes.");
                }
                if (pending.length >= length) {
                    byte[] message = Arrays.copyOf(pending, length);
                    pending = Arrays.copyOfRange(pending, length, pending.length);
                    return message;
                }
            }
            readRecord();
        }
    }

    private static int length(byte[] message) {
        return (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
    }

    private void readRecord() throws IOException {
        byte[] header = in.readNBytes(5);
        if (header.length < 5) {
            throw new EOFException("The server closed the connection without an alert.");
        }
        int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
        if (header[0] < CHANGE_CIPHER_SPEC || header[0] > APPLICATION_DATA || length > LONGEST_RECORD) {
            throw new HelloException("The server sent no TLS record.");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        int type = header[0];
        if (type == APPLICATION_DATA && traffic != null) {
            byte[] inner = traffic.decrypt(header, content);
            if (inner.length == 0) {
                throw new HelloException("The server sent an encrypted record without a type.");
            }
            type = inner[inner.length - 1];
            content = Arrays.copyOf(inner, inner.length - 1);
        }
        take(type, content);
    }

    private void take(int type, byte[] content) throws IOException {
        switch (type) {
            case CHANGE_CIPHER_SPEC -> {}
            case ALERT -> {
                if (content.length != 2) {
                    throw new HelloException("The server sent an alert of " + content.length + " bytes.");
                }
                // A warning of TLS 1.2, such as unrecognized_name, ends nothing.
                if (content[0] == 2 || traffic != null) {
                    throw new AlertException(content[1] & 0xff);
                }
            }
            case HANDSHAKE -> {
                ByteArrayOutputStream joined = new ByteArrayOutputStream();
                joined.writeBytes(pending);
                joined.writeBytes(content);
                pending = joined.toByteArray();
            }
            default -> throw new HelloException("The server sent a record of type " + type + " in its handshake.");
        }
    }
}
