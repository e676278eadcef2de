package dev.gatehouse.conformance.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client that says exactly what the test says. Reads give up after ten seconds. */
final class RawClient implements UpgradedClient {

    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final Socket transport;
    private final Socket socket;
    private final HttpReader reader;

    private RawClient(Socket transport, Socket socket) throws IOException {
        this.transport = transport;
        this.socket = socket;
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        reader = new HttpReader(socket.getInputStream());
    }

    static RawClient connect(URI server, @Nullable TlsContexts tls) throws IOException {
        return over(new Socket("127.0.0.1", server.getPort()), server, tls);
    }

    /** A client that takes in little before it stops the server from sending. */
    static RawClient connectWithSmallWindow(URI server, @Nullable TlsContexts tls) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()));
        return over(socket, server, tls);
    }

    private static RawClient over(Socket socket, URI server, @Nullable TlsContexts tls) throws IOException {
        if (tls == null) {
            return new RawClient(socket, socket);
        }
        SSLSocket secure = (SSLSocket)
                tls.client().getSocketFactory().createSocket(socket, server.getHost(), server.getPort(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(server.getHost())));
        secure.setSSLParameters(parameters);
        return new RawClient(socket, secure);
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    @Override
    public RawClient send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends a head of the given lines, with the line ends and the empty line. */
    RawClient sendHead(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    RawClient sendChunk(byte[] data) throws IOException {
        return send(Integer.toHexString(data.length) + "\r\n").send(data).send("\r\n");
    }

    HttpMessage readResponse() throws IOException {
        return reader.readResponse(false);
    }

    HttpMessage readResponseToHead() throws IOException {
        return reader.readResponse(true);
    }

    @Nullable
    String readHead() throws IOException {
        byte[] head = reader.readHead();
        return head == null ? null : new String(head, ISO_8859_1);
    }

    @Override
    public byte[] readExactly(int count) throws IOException {
        return reader.readExactly(count);
    }

    /** Reads what is left until the server closes the connection, by FIN or by RST. */
    @Override
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            reader.stream().transferTo(bytes);
        } catch (SocketException | SSLException reset) {
            // An end, too.
        }
        return bytes.toByteArray();
    }

    String readLine() throws IOException {
        return reader.readLine();
    }

    /** Waits for the server to close the connection, by FIN or by RST. */
    boolean isClosedByServer() throws IOException {
        return readToEnd().length == 0;
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void reset() throws IOException {
        transport.setSoLinger(true, 0);
        transport.close();
    }

    /** Leaves without a word, also not one of TLS. */
    @Override
    public void close() throws IOException {
        transport.close();
    }
}
