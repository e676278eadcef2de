package dev.gatehouse.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server on the JDK with any context and parameters. */
final class ProbedServer implements AutoCloseable {
    private final SSLServerSocket listener;

    ProbedServer(SSLContext context, Consumer<SSLParameters> settings) throws IOException {
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SSLParameters parameters = listener.getSSLParameters();
        settings.accept(parameters);
        listener.setSSLParameters(parameters);
        Thread thread = new Thread(this::serve, "probed-server");
        thread.setDaemon(true);
        thread.start();
    }

    ProbedServer(CertificateMaterial material) throws IOException {
        this(material.sslContext(), parameters -> {});
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.startHandshake();
                socket.getInputStream().skip(1);
            } catch (IOException refusedOrClosed) {
                // The probe tells what happened.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
