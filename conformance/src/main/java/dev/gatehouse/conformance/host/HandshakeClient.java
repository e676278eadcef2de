package dev.gatehouse.conformance.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TLS client that asks a server on this machine for any name. The handshake is done when it has been made. */
public final class HandshakeClient implements Closeable {

    private final SSLSocket socket;
    private final HttpReader reader;

    private HandshakeClient(SSLSocket socket) throws IOException {
        this.socket = socket;
        reader = new HttpReader(socket.getInputStream());
    }

    /**
     * Connects.
     *
     * @param port where the server listens
     * @param serverName what to ask for
     * @param client what to trust
     * @param protocol such as {@code TLSv1.3}
     * @return the client
     * @throws IOException if the handshake fails
     */
    public static HandshakeClient connect(int port, String serverName, SSLContext client, String protocol)
            throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, serverName, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            return new HandshakeClient(socket);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /**
     * {@return the certificate that the server has shown}
     *
     * @throws IOException if it has shown none
     */
    public X509Certificate leaf() throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /**
     * {@return the DNS names that the certificate is for}
     *
     * @throws Exception if it cannot be read
     */
    public List<String> names() throws Exception {
        return leaf().getSubjectAlternativeNames().stream()
                .map(name -> (String) name.get(1))
                .toList();
    }

    /**
     * Asks for something.
     *
     * @param target path and query
     * @return the response
     * @throws IOException if none comes
     */
    public HttpMessage get(String target) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("GET " + target + " HTTP/1.1\r\nHost: a.example\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return reader.readResponse(false);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
