package dev.gatehouse.undertow;

import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A TLS client on a socket of its own. The handshake is done when it has been made. */
final class GateClient implements Closeable {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final char[] PASSWORD = "password".toCharArray();

    private final SSLSocket socket;

    private GateClient(SSLSocket socket) {
        this.socket = socket;
    }

    /** Connects and asks for a name, in versions and application protocols that the parameters may narrow down. */
    static GateClient connect(int port, String serverName, SSLContext context, String... protocols) throws IOException {
        return connect(new Socket(InetAddress.getLoopbackAddress(), port), serverName, context, protocols, List.of());
    }

    static GateClient connect(
            Socket plain, String serverName, SSLContext context, String[] protocols, List<String> applicationProtocols)
            throws IOException {
        try {
            plain.setTcpNoDelay(true);
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, serverName, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.startHandshake();
            return new GateClient(socket);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** A context that trusts a CA and shows a certificate. */
    static SSLContext showing(CertificateMaterial certificate, TestCa ca) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "client",
                certificate.privateKey(),
                PASSWORD,
                certificate.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new TrustManager[] {ca.trustManager()}, null);
        return context;
    }

    /** The first record of a client: what {@link #connect} would send. */
    static byte[] hello(String serverName, SSLContext context) throws SSLException {
        SSLEngine engine = context.createSSLEngine(serverName, 443);
        engine.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] bytes = new byte[record.flip().remaining()];
        record.get(bytes);
        return bytes;
    }

    /** Sends a hello, and nothing else, and does not wait for the answer. */
    static Socket begin(int port, byte[] hello) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.getOutputStream().write(hello);
        return socket;
    }

    /** A socket that sends what it is given one byte at a time. */
    static Socket singleBytes(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port) {
            @Override
            public OutputStream getOutputStream() throws IOException {
                // FilterOutputStream writes arrays byte by byte.
                return new FilterOutputStream(super.getOutputStream());
            }
        };
    }

    String applicationProtocol() {
        return socket.getApplicationProtocol();
    }

    /** The whole response to a request over HTTP/1.1, after which the connection is closed. */
    String get(String host) throws IOException {
        return send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
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
