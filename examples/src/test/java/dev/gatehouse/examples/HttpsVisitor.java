package dev.gatehouse.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that asks a loopback port for any name, and checks that the certificate is for it. */
final class HttpsVisitor {

    private final SSLContext trust;
    private final int port;

    HttpsVisitor(SSLContext trust, int port) {
        this.trust = trust;
        this.port = port;
    }

    /** What came back, with the certificate that was shown. */
    record Page(String head, String body, X509Certificate certificate) {}

    Page get(String name, String path) throws IOException {
        Socket connection = new Socket();
        connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
        try (SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(connection, name, port, true)) {
            tls.setSoTimeout(30_000);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
            tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = response.indexOf("\r\n\r\n");
            return new Page(response.substring(0, end), response.substring(end + 4), (X509Certificate)
                    tls.getSession().getPeerCertificates()[0]);
        }
    }
}
