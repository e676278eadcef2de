package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.NameResolver;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Connects to the server that answers for an identifier, and says in a problem why that failed. */
final class ValidationConnector {
    private final NameResolver resolver;

    ValidationConnector(NameResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Connects.
     *
     * @param host host name or IP address, without brackets
     * @param port the port
     * @param portSetting the setting of the server that chooses this port, for the message
     * @param deadline until when
     * @return the socket, which the caller closes
     * @throws ProblemException {@code dns} or {@code connection}
     */
    Socket connect(String host, int port, String portSetting, Deadline deadline) throws ProblemException {
        InetAddress address = resolve(host);
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), deadline.remainingMillis());
            return socket;
        } catch (IOException e) {
            close(socket);
            throw Problem.of(
                            ProblemType.CONNECTION,
                            address.getHostAddress() + " port " + port + " " + reason(e) + ". Let the server of " + host
                                    + " listen there, or tell this test server another port with " + portSetting + ".")
                    .exception();
        }
    }

    private InetAddress resolve(String host) throws ProblemException {
        try {
            return resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw Problem.of(
                            ProblemType.DNS,
                            "The resolver of this test server knows no address of " + host
                                    + ". Let its NameResolver answer for this name.")
                    .exception();
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return "did not accept the connection in time";
        }
        return failure instanceof ConnectException
                ? "refused the connection"
                : "cannot be reached (" + Text.reason(failure) + ")";
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyUnusable) {
            // The failure to connect is what is reported.
        }
    }
}
