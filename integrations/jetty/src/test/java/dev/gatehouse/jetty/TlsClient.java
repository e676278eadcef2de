package dev.gatehouse.jetty;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of the JDK with a server name, protocols and a {@code Host} as a test wants them. */
final class TlsClient implements Closeable {

    private final SSLSocket socket;

    private TlsClient(SSLSocket socket) {
        this.socket = socket;
    }

    static TlsClient connect(int port, String serverName, SSLContext client, String version, String... alpn)
            throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, "localhost", port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(alpn);
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            return new TlsClient(socket);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    String applicationProtocol() {
        return socket.getApplicationProtocol();
    }

    /** Sends a GET that ends the connection, with these header lines, and returns the whole response. */
    String get(String... headerLines) throws IOException {
        return send("GET / HTTP/1.1\r\n" + String.join("\r\n", headerLines) + "\r\nConnection: close\r\n\r\n");
    }

    String send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
