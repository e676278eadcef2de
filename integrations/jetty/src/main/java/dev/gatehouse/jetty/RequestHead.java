package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpFields;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/** The head of a request as the client sent it, read from Jetty's. */
record RequestHead(
        String method,
        String target,
        @Nullable String authority,
        String scheme,
        HttpVersion version,
        HttpFields fields,
        @Nullable String upgrade,
        InetSocketAddress remoteAddress,
        InetSocketAddress localAddress) {

    static RequestHead of(Request request) throws RefusedRequestException {
        ConnectionMetaData connection = request.getConnectionMetaData();
        HttpVersion version = connection.getHttpVersion();
        refuseUnknownFraming(request.getHeaders(), version);
        HttpFields fields = fields(request.getHeaders());
        return new RequestHead(
                request.getMethod(),
                target(request),
                authority(request, version),
                connection.isSecure() ? "https" : "http",
                version,
                fields,
                version == HttpVersion.HTTP_1_1 ? fields.requestedUpgrade() : connectProtocol(request),
                inetAddress(connection.getRemoteSocketAddress()),
                inetAddress(connection.getLocalSocketAddress()));
    }

    boolean isMultiplexed() {
        return version.getVersion() >= HttpVersion.HTTP_2.getVersion();
    }

    /** {@return whether the client takes informational responses and trailers} */
    boolean isAtLeastHttp11() {
        return version.getVersion() >= HttpVersion.HTTP_1_1.getVersion();
    }

    /** Another coding than chunked would reach the handler as content, without the field that tells about it. */
    private static void refuseUnknownFraming(org.eclipse.jetty.http.HttpFields fields, HttpVersion version)
            throws RefusedRequestException {
        for (HttpField field : fields) {
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                if (!"chunked".equalsIgnoreCase(field.getValue())) {
                    throw new RefusedRequestException(501, "transfer coding other than chunked");
                }
                if (version == HttpVersion.HTTP_1_0) {
                    throw new RefusedRequestException(400, "Transfer-Encoding in an HTTP/1.0 request");
                }
            }
        }
    }

    /** The protocol of an extended {@code CONNECT} (RFC 8441), which only HTTP/2 and later have. */
    private static @Nullable String connectProtocol(Request request) {
        TunnelSupport tunnel = request.getTunnelSupport();
        return tunnel == null ? null : tunnel.getProtocol();
    }

    private static String target(Request request) throws RefusedRequestException {
        if (HttpMethod.CONNECT.is(request.getMethod()) && connectProtocol(request) == null) {
            throw new RefusedRequestException(501, "CONNECT is for forward proxies");
        }
        String target = request.getHttpURI().getPathQuery();
        if (target == null || !target.startsWith("/") && !target.equals("*")) {
            throw new RefusedRequestException(400, "request target is neither a path nor *");
        }
        return target;
    }

    /** Jetty puts its own address in the URI of an HTTP/1.0 request that names no host; that is not what was asked for. */
    private static @Nullable String authority(Request request, HttpVersion version) throws RefusedRequestException {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (version.getVersion() < HttpVersion.HTTP_2.getVersion()) {
            String named = request.getHttpURI().getHost();
            if (host != null && named != null && !isHostOf(named, host)) {
                throw new RefusedRequestException(400, "Host contradicts the request target");
            }
            return host;
        }
        String authority = request.getHttpURI().getAuthority();
        return authority == null ? host : authority;
    }

    private static boolean isHostOf(String name, String authority) {
        return authority.regionMatches(true, 0, name, 0, name.length())
                && (authority.length() == name.length() || authority.charAt(name.length()) == ':');
    }

    static HttpFields fields(org.eclipse.jetty.http.HttpFields fields) throws RefusedRequestException {
        HttpFields.Builder builder = HttpFields.builder();
        try {
            for (HttpField field : fields) {
                String value = field.getValue();
                builder.add(field.getName(), value == null ? "" : value);
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(400, String.valueOf(e.getMessage()));
        }
        return withOneCookieLine(builder.build());
    }

    /** HTTP/2 splits cookies for compression; joined they mean the same everywhere (RFC 9113, section 8.2.3). */
    private static HttpFields withOneCookieLine(HttpFields fields) {
        List<String> cookies = fields.all("Cookie");
        return cookies.size() < 2
                ? fields
                : fields.toBuilder().set("Cookie", String.join("; ", cookies)).build();
    }

    /** A connection over a Unix domain socket comes from this machine. */
    private static InetSocketAddress inetAddress(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
