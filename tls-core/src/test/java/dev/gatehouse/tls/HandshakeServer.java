package dev.gatehouse.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server on a free port that sends one byte to each client. */
final class HandshakeServer implements AutoCloseable {

    private final SSLServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    HandshakeServer(SSLContext context) throws IOException {
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) listener.accept();
                threads.execute(() -> greet(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void greet(SSLSocket socket) {
        try (socket) {
            socket.getOutputStream().write('!');
            socket.getInputStream().read();
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
