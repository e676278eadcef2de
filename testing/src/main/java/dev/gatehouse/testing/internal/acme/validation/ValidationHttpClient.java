package dev.gatehouse.testing.internal.acme.validation;

import dev.gatehouse.testing.NameResolver;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Sends validation requests. Neither of the JDK's clients fits: the {@code Host} field is the identifier while the
 * connection goes where the resolver says, and nothing but this exchange may follow proxies or credentials of the JVM.
 */
final class ValidationHttpClient {
    private static final String USER_AGENT = "gatehouse-acme-test-server";

    private final ValidationConnector connector;
    private final ValidationPorts ports;
    private final SSLContext tls = UntrustingTls.context();

    ValidationHttpClient(NameResolver resolver, ValidationPorts ports) {
        this.connector = new ValidationConnector(resolver);
        this.ports = ports;
    }

    /**
     * Gets a resource.
     *
     * @param uri an {@code http} or {@code https} URL
     * @param deadline until when
     * @return the final response to this one request
     * @throws ProblemException {@code dns}, {@code connection}, {@code tls}, or {@code unauthorized} for a URL that no
     *     CA would follow
     */
    HttpReply get(URI uri, Deadline deadline) throws ProblemException {
        boolean secure = isSecure(uri);
        int port = port(uri, secure);
        try (Socket socket = connector.connect(host(uri), port, secure ? "tlsPort" : "http01Port", deadline);
                Socket channel = secure ? secured(socket, host(uri), port, deadline) : socket) {
            channel.getOutputStream().write(request(uri).getBytes(StandardCharsets.US_ASCII));
            channel.getOutputStream().flush();
            return HttpReply.read(new BufferedInputStream(new DeadlineInput(channel, deadline)));
        } catch (SSLException e) {
            throw problem(ProblemType.TLS, uri, "the TLS handshake failed: " + Text.reason(e));
        } catch (SocketTimeoutException e) {
            throw problem(ProblemType.CONNECTION, uri, "there was no complete answer in time");
        } catch (IOException e) {
            throw problem(ProblemType.CONNECTION, uri, Text.reason(e));
        }
    }

    private static boolean isSecure(URI uri) throws ProblemException {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || (!secure && !"http".equalsIgnoreCase(uri.getScheme()))) {
            throw problem(ProblemType.UNAUTHORIZED, uri, "only http and https URLs with a host are followed");
        }
        return secure;
    }

    private int port(URI uri, boolean secure) throws ProblemException {
        int standard = secure ? 443 : 80;
        int actual = secure ? ports.tls() : ports.http();
        if (uri.getPort() == -1 || uri.getPort() == standard || uri.getPort() == actual) {
            return actual;
        }
        throw problem(
                ProblemType.UNAUTHORIZED,
                uri,
                "a CA follows redirects to port " + standard + " only (port " + actual + " stands for it here)");
    }

    private static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String request(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
        String authority = uri.getPort() == -1 ? uri.getHost() : uri.getHost() + ':' + uri.getPort();
        return "GET " + target + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: " + USER_AGENT
                + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    private SSLSocket secured(Socket socket, String host, int port, Deadline deadline) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, host, port, true);
        if (host.matches(".*[a-zA-Z].*") && host.indexOf(':') < 0) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            secured.setSSLParameters(parameters);
        }
        secured.setSoTimeout(deadline.remainingMillis());
        secured.startHandshake();
        return secured;
    }

    private static ProblemException problem(ProblemType type, URI uri, String why) {
        return Problem.of(type, "Fetching " + uri + " failed: " + Text.oneLine(why) + ".")
                .exception();
    }
}
