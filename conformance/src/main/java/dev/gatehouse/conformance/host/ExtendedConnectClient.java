package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client of one HTTP/2 connection with one stream, opened by an extended {@code CONNECT} (RFC 8441). It keeps to the
 * server's windows and gives the server a window of its own only as far as the test reads.
 */
final class ExtendedConnectClient implements UpgradedClient {

    private static final int READ_TIMEOUT_MILLIS = 10_000;
    private static final int STREAM = 1;
    private static final int MAX_FRAME = 16_384;
    private static final int INITIAL_WINDOW = 65_535;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int CANCEL = 8;

    private final Socket transport;
    private final DataInputStream in;
    private final OutputStream out;

    // Guarded by this

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private byte @Nullable [] responseBlock;
    private boolean settingsCame;
    private boolean connectProtocol;
    private boolean ended;
    private boolean broken;
    private long connectionWindow = INITIAL_WINDOW;
    private long streamWindow = INITIAL_WINDOW;
    private long initialWindow = INITIAL_WINDOW;

    private ExtendedConnectClient(Socket transport, SSLSocket socket) throws IOException {
        this.transport = transport;
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Connects, and waits for the settings of the server. */
    static ExtendedConnectClient connect(URI server, TlsContexts tls, boolean smallWindow) throws IOException {
        Socket transport = new Socket();
        if (smallWindow) {
            transport.setReceiveBufferSize(4096);
        }
        transport.connect(new InetSocketAddress("127.0.0.1", server.getPort()));
        SSLSocket socket = (SSLSocket)
                tls.client().getSocketFactory().createSocket(transport, server.getHost(), server.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(server.getHost())));
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        ExtendedConnectClient client = new ExtendedConnectClient(transport, socket);
        client.begin();
        return client;
    }

    private void begin() throws IOException {
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        frame(SETTINGS, 0, 0, new byte[0]);
        Thread reader = new Thread(this::readFrames, "extended-connect-client");
        reader.setDaemon(true);
        reader.start();
        await(() -> settingsCame);
    }

    /** Whether the server says that it takes such requests. */
    synchronized boolean mayConnect() {
        return connectProtocol;
    }

    /** Sends a request. */
    ExtendedConnectClient ask(String authority, String protocol, String path) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "CONNECT");
        field(block, ":protocol", protocol);
        field(block, ":scheme", "https");
        field(block, ":path", path);
        field(block, ":authority", authority);
        field(block, "sec-websocket-version", "13");
        frame(HEADERS, END_HEADERS, STREAM, block.toByteArray());
        return this;
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(ISO_8859_1));
        block.write(value.length());
        block.writeBytes(value.getBytes(ISO_8859_1));
    }

    /** Waits for the head of the response; its status. */
    int status() throws IOException {
        await(() -> responseBlock != null || ended);
        synchronized (this) {
            if (responseBlock == null) {
                throw new EOFException("the stream ended without a response");
            }
            return ResponseStatus.in(responseBlock);
        }
    }

    /** The whole block of fields, as it came. */
    synchronized String responseFields() {
        return responseBlock == null ? "" : new String(responseBlock, ISO_8859_1);
    }

    @Override
    public ExtendedConnectClient send(byte[] bytes) throws IOException {
        for (int sent = 0; sent < bytes.length; ) {
            await(() -> (connectionWindow > 0 && streamWindow > 0) || broken);
            int length;
            synchronized (this) {
                if (broken) {
                    throw new IOException("the stream is broken");
                }
                length = (int)
                        Math.min(Math.min(connectionWindow, streamWindow), Math.min(MAX_FRAME, bytes.length - sent));
                connectionWindow -= length;
                streamWindow -= length;
            }
            byte[] piece = new byte[length];
            System.arraycopy(bytes, sent, piece, 0, length);
            frame(DATA, 0, STREAM, piece);
            sent += length;
        }
        return this;
    }

    @Override
    public void endOutput() throws IOException {
        frame(DATA, END_STREAM, STREAM, new byte[0]);
    }

    @Override
    public byte[] readExactly(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            await(() -> received.size() > 0 || ended);
            byte[] piece = take(count - bytes.size());
            if (piece.length == 0) {
                throw new EOFException("the stream ended after " + bytes.size() + " of " + count + " bytes");
            }
            bytes.writeBytes(piece);
        }
        return bytes.toByteArray();
    }

    @Override
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            await(() -> received.size() > 0 || ended);
            byte[] piece = take(Integer.MAX_VALUE);
            if (piece.length == 0) {
                return bytes.toByteArray();
            }
            bytes.writeBytes(piece);
        }
    }

    /** Whether the server has reset the stream or broken the connection. */
    synchronized boolean isBroken() {
        return broken;
    }

    /** Takes what has come, and lets as much follow. */
    private byte[] take(int limit) throws IOException {
        byte[] piece;
        boolean over;
        synchronized (this) {
            byte[] all = received.toByteArray();
            received.reset();
            int length = Math.min(limit, all.length);
            received.write(all, length, all.length - length);
            piece = new byte[length];
            System.arraycopy(all, 0, piece, 0, length);
            over = ended;
        }
        if (piece.length > 0 && !over) {
            byte[] increment = number(piece.length);
            frame(WINDOW_UPDATE, 0, 0, increment);
            frame(WINDOW_UPDATE, 0, STREAM, increment);
        }
        return piece;
    }

    @Override
    public void reset() throws IOException {
        frame(RST_STREAM, 0, STREAM, number(CANCEL));
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    // Frames

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(number(stream));
        frame.writeBytes(payload);
        synchronized (out) {
            out.write(frame.toByteArray());
            out.flush();
        }
    }

    private void readFrames() {
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                handle(type, flags, stream, payload);
            }
        } catch (IOException gone) {
            end(true);
        }
    }

    private void handle(int type, int flags, int stream, byte[] payload) throws IOException {
        switch (type) {
            case DATA -> data(flags, payload);
            case HEADERS -> headers(flags, payload);
            case SETTINGS -> settings(flags, payload);
            case WINDOW_UPDATE -> windowUpdate(stream, payload);
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                }
            }
            case RST_STREAM, GOAWAY -> end(true);
            default -> {
                // of no interest here
            }
        }
    }

    private void data(int flags, byte[] payload) {
        synchronized (this) {
            received.writeBytes(payload);
            notifyAll();
        }
        if ((flags & END_STREAM) != 0) {
            end(false);
        }
    }

    private void headers(int flags, byte[] payload) {
        synchronized (this) {
            responseBlock = payload;
            notifyAll();
        }
        if ((flags & END_STREAM) != 0) {
            end(false);
        }
    }

    private void settings(int flags, byte[] payload) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        synchronized (this) {
            for (int i = 0; i + 6 <= payload.length; i += 6) {
                int setting = (payload[i] & 0xff) << 8 | payload[i + 1] & 0xff;
                int value = int32(payload, i + 2);
                if (setting == INITIAL_WINDOW_SIZE) {
                    streamWindow += value - initialWindow;
                    initialWindow = value;
                } else if (setting == ENABLE_CONNECT_PROTOCOL) {
                    connectProtocol = value == 1;
                }
            }
            settingsCame = true;
            notifyAll();
        }
        frame(SETTINGS, ACK, 0, new byte[0]);
    }

    private synchronized void windowUpdate(int stream, byte[] payload) {
        if (stream == 0) {
            connectionWindow += int32(payload, 0);
        } else {
            streamWindow += int32(payload, 0);
        }
        notifyAll();
    }

    private static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private synchronized void end(boolean byBreak) {
        ended = true;
        broken |= byBreak;
        notifyAll();
    }

    // Waiting

    private interface Condition {
        boolean holds();
    }

    private synchronized void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + READ_TIMEOUT_MILLIS * 1_000_000L;
        while (!condition.holds()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IOException("waited in vain");
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** Reads the {@code :status}, which comes first, from a block of fields (RFC 7541). */
    private static final class ResponseStatus {

        private static final int[] INDEXED = {200, 204, 206, 304, 400, 404, 500};
        private static final int FIRST_INDEX = 8;

        private ResponseStatus() {}

        static int in(byte[] block) throws IOException {
            int at = 0;
            while ((block[at] & 0xe0) == 0x20) { // a new size of the dynamic table
                boolean more = (block[at++] & 0x1f) == 0x1f;
                while (more) {
                    more = (block[at++] & 0x80) != 0;
                }
            }
            int first = block[at] & 0xff;
            if (first >= 0x80 + FIRST_INDEX && first < 0x80 + FIRST_INDEX + INDEXED.length) {
                return INDEXED[first - 0x80 - FIRST_INDEX];
            }
            int name = first >= 0x40 ? first & 0x3f : first & 0x0f;
            if (name < FIRST_INDEX || name >= FIRST_INDEX + INDEXED.length) {
                throw new IOException("the status does not come first in the response");
            }
            boolean huffman = (block[at + 1] & 0x80) != 0;
            return huffman ? huffman(block, at + 2) : Integer.parseInt(new String(block, at + 2, 3, ISO_8859_1));
        }

        /** Three digits: 0 to 2 have five bits, the others six (RFC 7541, appendix B). */
        private static int huffman(byte[] block, int at) {
            int bits = (block[at] & 0xff) << 16
                    | (block[at + 1] & 0xff) << 8
                    | (at + 2 < block.length ? block[at + 2] & 0xff : 0);
            int position = 24;
            int status = 0;
            for (int digit = 0; digit < 3; digit++) {
                int five = bits >> (position - 5) & 0x1f;
                if (five < 3) {
                    status = status * 10 + five;
                    position -= 5;
                } else {
                    status = status * 10 + (bits >> (position - 6) & 0x3f) - 22;
                    position -= 6;
                }
            }
            return status;
        }
    }
}
