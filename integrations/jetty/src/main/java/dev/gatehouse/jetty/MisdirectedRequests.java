package dev.gatehouse.jetty;

import dev.gatehouse.tls.InvalidNameException;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses requests for hosts whose connection policy is not that of the connection: 421 Misdirected Request (RFC 9110,
 * section 15.5.20). Otherwise a client without a certificate could open a connection for one name and ask for another that
 * demands one. A host that is none is refused with 400 (RFC 9112, section 3.2), since nobody could tell its policy.
 *
 * <p>Both the {@code Host} field and the authority of the URI count, because handlers go by one or the other. A request that
 * names no host is one for the address of the server.
 */
final class MisdirectedRequests implements HttpConfiguration.Customizer {

    private static final Logger LOG = LoggerFactory.getLogger(TlsGateConnectionFactory.class);

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        GatedSslConnection connection = gatedConnection(request);
        if (connection != null) {
            check(request, connection);
        }
        return request;
    }

    private static @Nullable GatedSslConnection gatedConnection(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        return endPoint instanceof SslConnection.SslEndPoint secure
                        && secure.getSslConnection() instanceof GatedSslConnection gated
                ? gated
                : null;
    }

    private static void check(Request request, GatedSslConnection connection) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        String authority = request.getHttpURI().getAuthority();
        if (host == null && authority == null) {
            check(serverAddress(request), request, connection);
        }
        if (host != null) {
            check(host, request, connection);
        }
        if (authority != null && !authority.equals(host)) {
            check(authority, request, connection);
        }
    }

    private static void check(String host, Request request, GatedSslConnection connection) {
        boolean served;
        try {
            served = connection.mayServe(host);
        } catch (InvalidNameException notAHost) {
            LOG.info("Request from {}: {} (answered 400)", Request.getRemoteAddr(request), notAHost.getMessage());
            throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, "Invalid Host");
        }
        if (!served) {
            LOG.info(
                    "Request from {}: {} has another connection policy than {}, which the connection is for"
                            + " (answered 421)",
                    Request.getRemoteAddr(request),
                    host,
                    connection.admission().serverName().map(String::valueOf).orElse("(no server name)"));
            throw new HttpException.RuntimeException(HttpStatus.MISDIRECTED_REQUEST_421, "Misdirected Request");
        }
    }

    private static String serverAddress(Request request) {
        return request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress inet
                        && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "localhost";
    }
}
