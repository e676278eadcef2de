package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The fields that an origin gets with a request: the client's without those that belong to its connection or claim to
 * come from a proxy, then those that tell the origin about the client. Framing is added when the content is known.
 */
final class OriginFields {

    /** Fields that say how a message is framed or where it goes, which trailers cannot (RFC 9110, section 6.5.1). */
    private static final Set<String> NOT_AS_TRAILER =
            Set.of("content-length", "host", "authorization", "content-encoding", "content-type", "cookie", "expect");

    private OriginFields() {}

    static HttpFields forHttp1(RoutedExchange exchange) {
        HttpFields.Builder fields = HttpFields.builder();
        fields.add("Host", String.valueOf(exchange.authority()));
        addAll(exchange, fields);
        if (takesTrailers(exchange)) {
            fields.add("TE", "trailers").add("Connection", "TE");
        }
        return fields.build();
    }

    /** HTTP/2 has the host in a pseudo-header field, and no field but this one about the connection. */
    static HttpFields forHttp2(RoutedExchange exchange) {
        HttpFields.Builder fields = HttpFields.builder();
        addAll(exchange, fields);
        if (takesTrailers(exchange)) {
            fields.add("TE", "trailers");
        }
        return fields.build();
    }

    private static boolean takesTrailers(RoutedExchange exchange) {
        return exchange.requestFields().containsToken("TE", "trailers");
    }

    private static void addAll(RoutedExchange exchange, HttpFields.Builder fields) {
        HttpFields received = exchange.requestFields();
        HopByHop hopByHop = new HopByHop(received);
        received.forEach((name, value) -> {
            if (!hopByHop.contains(name) && !isMadeHere(name)) {
                fields.add(name, value);
            }
        });
        addCookies(received, hopByHop, fields);
        addForwarded(exchange, fields);
    }

    /** The trailers of the client's request that an origin gets. */
    static HttpFields trailers(HttpExchange exchange) {
        HopByHop hopByHop = new HopByHop(exchange.requestFields());
        return exchange.requestTrailers().toBuilder()
                .removeIf(name -> hopByHop.contains(name)
                        || isMadeHere(name)
                        || NOT_AS_TRAILER.contains(name.toLowerCase(Locale.ROOT)))
                .build();
    }

    /** Also in the spelling with underscores, which many applications cannot tell from the one with hyphens. */
    private static boolean isMadeHere(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (lowerCase) {
            case "host", "content-length", "cookie", "expect", "forwarded", "x-real-ip" -> true;
            default -> lowerCase.startsWith("x-forwarded-");
        };
    }

    /** HTTP/2 may send one cookie a line, which HTTP/1.1 does not know (RFC 9113, section 8.2.3). */
    private static void addCookies(HttpFields received, HopByHop hopByHop, HttpFields.Builder fields) {
        List<String> cookies = received.all("Cookie");
        if (!cookies.isEmpty() && !hopByHop.contains("Cookie")) {
            fields.add("Cookie", cookies.size() == 1 ? cookies.get(0) : String.join("; ", cookies));
        }
    }

    private static void addForwarded(RoutedExchange exchange, HttpFields.Builder fields) {
        InetAddress client = exchange.remoteAddress().getAddress();
        if (client != null) {
            fields.add("X-Forwarded-For", withoutScope(client.getHostAddress()));
        }
        fields.add("X-Forwarded-Proto", exchange.scheme());
        fields.add("X-Forwarded-Host", String.valueOf(exchange.authority()));
        if (exchange.strippedPrefix().length() > 1) {
            fields.add("X-Forwarded-Prefix", exchange.strippedPrefix());
        }
    }

    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
