package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's side of WebSocket (RFC 6455), as far as an application needs it that answers each message with the same
 * message: every frame with its masked payload, messages in fragments, pings, and the closing handshake.
 */
final class WebSocketOrigin implements TestOrigin.Script {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    /** A frame whose payload is not masked any more. */
    record Frame(boolean last, int opcode, byte[] payload) {

        String text() {
            return new String(payload, UTF_8);
        }

        byte[] unmasked() {
            return bytes(false);
        }

        /** As a client has to send it. */
        byte[] masked() {
            return bytes(true);
        }

        private byte[] bytes(boolean masked) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write((last ? FIN : 0) | opcode);
            int mask = masked ? MASKED : 0;
            if (payload.length < 126) {
                bytes.write(mask | payload.length);
            } else if (payload.length < 65536) {
                bytes.write(mask | 126);
                bytes.write(payload.length >> 8);
                bytes.write(payload.length);
            } else {
                bytes.write(mask | 127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    bytes.write((int) ((long) payload.length >> shift));
                }
            }
            byte[] key = {1, 2, 3, 4};
            if (masked) {
                bytes.writeBytes(key);
            }
            for (int i = 0; i < payload.length; i++) {
                bytes.write(masked ? payload[i] ^ key[i % 4] : payload[i]);
            }
            return bytes.toByteArray();
        }
    }

    static Frame text(String text) {
        return new Frame(true, TEXT, text.getBytes(UTF_8));
    }

    static Frame readFrame(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] key = (second & MASKED) != 0 ? in.readNBytes(4) : new byte[4];
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i % 4];
        }
        return new Frame((first & FIN) != 0, first & 0xf, payload);
    }

    /** The 101 that fits the head of a request. */
    static String accept(String head) throws IOException {
        Matcher key = KEY.matcher(head);
        if (!key.find()) {
            throw new IOException("no key in " + head);
        }
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + acceptFor(key.group(1)) + "\r\n\r\n";
    }

    private static String acceptFor(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private final List<Frame> received;

    /** With where the frames of clients are noted. */
    WebSocketOrigin(List<Frame> received) {
        this.received = received;
    }

    @Override
    public void serve(TestOrigin.Connection connection) throws IOException {
        String head = connection.readHead();
        if (head == null) {
            return;
        }
        connection.send(accept(head));
        DataInputStream in = new DataInputStream(connection.in());
        Frame frame;
        do {
            frame = readFrame(in);
            received.add(frame);
            connection.send(answer(frame).unmasked());
        } while (frame.opcode() != CLOSE);
    }

    private static Frame answer(Frame frame) {
        return frame.opcode() == PING ? new Frame(true, PONG, frame.payload()) : frame;
    }
}
