package dev.gatehouse.compatibility;

import dev.gatehouse.tls.TlsGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;

/**
 * A server with one thread for each connection: of an {@link SSLServerSocket}, or of an engine for each plain socket, with
 * or without a gate before it.
 */
final class SocketServer implements TlsServer {

    /** What a connection does on its thread. */
    @FunctionalInterface
    interface Connection {
        void serve(Socket socket) throws IOException;
    }

    private static final int BACKLOG = 200;

    private final ServerSocket listener;
    private final Connection connection;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private SocketServer(ServerSocket listener, Connection connection) {
        this.listener = listener;
        this.connection = connection;
        threads.execute(this::accept);
    }

    static TlsServer ofSockets(SSLContext context) throws IOException {
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        return new SocketServer(listener, SocketServer::greet);
    }

    static TlsServer ofEngines(Supplier<SSLEngine> engines) throws IOException {
        return new SocketServer(
                new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
                socket -> new EngineConnection(engines.get(), socket, ByteBuffer.allocate(0)).greet());
    }

    static TlsServer behindGate(TlsGate gate) throws IOException {
        return new SocketServer(
                new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()),
                socket -> new GateConnection(gate, socket).greet());
    }

    private static void greet(Socket socket) throws IOException {
        socket.getOutputStream().write(TlsServer.greeting());
        while (socket.getInputStream().read() >= 0) {
            // The client decides when to leave.
        }
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            connection.serve(socket);
        } catch (IOException refused) {
            // The client sees the alert, and the tests look at the client.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
