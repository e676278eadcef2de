package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.ServerContexts;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A TLS server on the JDK that shows one credential, and a client that checks host names. */
final class HandshakeServer implements AutoCloseable {
    private final SSLServerSocket listener;

    HandshakeServer(Credential credential) throws IOException {
        listener = (SSLServerSocket) ServerContexts.of(credential)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "handshake-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.startHandshake();
                socket.getInputStream().read();
            } catch (IOException refusedOrClosed) {
                // The client tells what happened.
            }
        }
    }

    SSLSession handshake(SSLContext client, String name) throws IOException {
        int port = listener.getLocalPort();
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, name, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (!name.equals("127.0.0.1")) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return socket.getSession();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
