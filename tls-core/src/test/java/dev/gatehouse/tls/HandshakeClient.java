package dev.gatehouse.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import org.jspecify.annotations.Nullable;

/** A TLS client that trusts the root of the tests. */
final class HandshakeClient {

    private final int port;

    HandshakeClient(int port) {
        this.port = port;
    }

    /** Returns the leaf that the server shows. */
    X509Certificate handshake(@Nullable String serverName, String protocol, String... cipherSuites) throws IOException {
        try (SSLSocket socket = connect(serverName, protocol, cipherSuites)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** A new one each time, since a context would offer the session of one name to another. */
    private static SSLContext newContext() {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(Certificates.root())
                .build()
                .sslContext();
    }

    private SSLSocket connect(@Nullable String serverName, String protocol, String... cipherSuites) throws IOException {
        SSLSocket socket =
                (SSLSocket) newContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        if (cipherSuites.length > 0) {
            parameters.setCipherSuites(cipherSuites);
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            if (socket.getInputStream().read() != '!') {
                throw new IOException("The server closed the connection");
            }
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
