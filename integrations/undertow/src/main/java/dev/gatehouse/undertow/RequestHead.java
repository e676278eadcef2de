package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;

/** The head of a request as the client sent it, as far as Undertow keeps it. */
record RequestHead(
        String method,
        String target,
        @Nullable String authority,
        String scheme,
        HttpString protocol,
        HttpFields fields,
        InetSocketAddress remoteAddress,
        InetSocketAddress localAddress) {

    private static final int LONGEST_LENGTH_DIGITS = 18;

    static RequestHead of(HttpServerExchange exchange) throws RefusedRequestException {
        HeaderMap fields = exchange.getRequestHeaders();
        if (exchange.getRequestMethod().equals(Methods.CONNECT)) {
            throw new RefusedRequestException(501, "CONNECT is for forward proxies");
        }
        refuseUnknownFraming(fields, exchange);
        return new RequestHead(
                exchange.getRequestMethod().toString(),
                target(exchange),
                authority(exchange),
                exchange.getConnection().getSslSessionInfo() == null ? "http" : "https",
                exchange.getProtocol(),
                fields(fields),
                inetAddress(exchange.getSourceAddress()),
                inetAddress(exchange.getDestinationAddress()));
    }

    boolean isMultiplexed() {
        return protocol.equals(Protocols.HTTP_2_0);
    }

    boolean isHttp11() {
        return protocol.equals(Protocols.HTTP_1_1);
    }

    /**
     * Undertow takes every transfer coding but identity for chunked, and a {@code Content-Length} of any size; what it
     * then believes to be content may be another's request.
     */
    private static void refuseUnknownFraming(HeaderMap fields, HttpServerExchange exchange)
            throws RefusedRequestException {
        String coding = fields.getFirst(Headers.TRANSFER_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            throw new RefusedRequestException(501, "transfer coding other than chunked");
        }
        if (coding != null && exchange.isHttp10()) {
            throw new RefusedRequestException(400, "Transfer-Encoding in an HTTP/1.0 request");
        }
        String length = fields.getFirst(Headers.CONTENT_LENGTH);
        if (length != null && (length.length() > LONGEST_LENGTH_DIGITS || !isNumber(length))) {
            throw new RefusedRequestException(400, "Content-Length is not a number of bytes");
        }
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String target(HttpServerExchange exchange) throws RefusedRequestException {
        OptionMap options = exchange.getConnection().getUndertowOptions();
        if (options.get(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
                && options.get(UndertowOptions.DECODE_URL, true)) {
            throw new RefusedRequestException(
                    500,
                    "Undertow's ALLOW_UNESCAPED_CHARACTERS_IN_URL without DECODE_URL=false replaces the path by a decoded"
                            + " one (call GatehouseUndertow.forRouting on the builder)");
        }
        String path = exchange.getRequestURI();
        if (exchange.isHostIncludedInRequestURI()) {
            int slash = path.indexOf('/', path.indexOf("://") + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        if (!path.startsWith("/") && !path.equals("*")) {
            throw new RefusedRequestException(400, "request target is neither a path nor *");
        }
        String query = exchange.getQueryString();
        return query.isEmpty() ? path : path + '?' + query;
    }

    /** {@return the host that a request is for, as the client sent it: that of the target, else that of the field} */
    static @Nullable String requestedAuthority(HttpServerExchange exchange) {
        if (!exchange.isHostIncludedInRequestURI()) {
            return exchange.getRequestHeaders().getFirst(Headers.HOST);
        }
        String uri = exchange.getRequestURI();
        int start = uri.indexOf("://") + 3;
        int end = uri.indexOf('/', start);
        return end < 0 ? uri.substring(start) : uri.substring(start, end);
    }

    private static @Nullable String authority(HttpServerExchange exchange) throws RefusedRequestException {
        String authority = requestedAuthority(exchange);
        if (authority != null && authority.isBlank()) {
            throw new RefusedRequestException(400, "Host is empty");
        }
        return authority;
    }

    static HttpFields fields(HeaderMap fields) throws RefusedRequestException {
        HttpFields.Builder builder = HttpFields.builder();
        try {
            for (HeaderValues line : fields) {
                for (String value : line) {
                    builder.add(line.getHeaderName().toString(), value);
                }
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

    /** A connection that has no such address comes from this machine. */
    private static InetSocketAddress inetAddress(@Nullable InetSocketAddress address) {
        return address == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : address;
    }
}
