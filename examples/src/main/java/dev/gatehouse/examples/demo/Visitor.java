package dev.gatehouse.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A visitor who asks for a name, trusts one root, and checks that the certificate is for that name. */
final class Visitor {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MAX_RESPONSE = 1 << 20;

    private final SSLContext trust;
    private final InetSocketAddress proxy;

    Visitor(SSLContext trust, InetSocketAddress proxy) {
        this.trust = trust;
        this.proxy = proxy;
    }

    /**
     * Fetches a page over a new connection.
     *
     * @return the whole response, head and body
     */
    String get(String name, String path) throws IOException {
        Socket connection = new Socket();
        connection.connect(proxy, TIMEOUT_MILLIS);
        try (SSLSocket tls =
                (SSLSocket) trust.getSocketFactory().createSocket(connection, name, proxy.getPort(), true)) {
            tls.setSoTimeout(TIMEOUT_MILLIS);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
            tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return read(tls.getInputStream());
        }
    }

    private static String read(InputStream response) throws IOException {
        return new String(response.readNBytes(MAX_RESPONSE), StandardCharsets.UTF_8);
    }
}
