package dev.gatehouse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server that reads the first record of one connection, writes some bytes, and closes. */
final class ForeignServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final CompletableFuture<byte[]> received = new CompletableFuture<>();
    private final byte[] answer;
    private final boolean reset;

    ForeignServer(byte[] answer) throws IOException {
        this(answer, false);
    }

    /** With {@code reset}, the connection is reset rather than closed. */
    ForeignServer(byte[] answer, boolean reset) throws IOException {
        this.answer = answer;
        this.reset = reset;
        Thread thread = new Thread(this::serve, "foreign-server");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    byte[] received() throws Exception {
        return received.get(10, TimeUnit.SECONDS);
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            byte[] header = in.readNBytes(5);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(header);
            all.writeBytes(in.readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff));
            received.complete(all.toByteArray());
            socket.getOutputStream().write(answer);
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
