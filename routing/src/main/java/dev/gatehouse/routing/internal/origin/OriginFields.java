package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * The fields that an origin gets with a request: the client's without those that belong to its connection or claim to
 * come from a proxy, then those that tell the origin about the client. Framing is added when the content is known.
 */
final class OriginFields {

    private OriginFields() {}

    static HttpFields of(RoutedExchange exchange) {
        HttpFields received = exchange.requestFields();
        HopByHop hopByHop = new HopByHop(received);
        HttpFields.Builder fields = HttpFields.builder();
        fields.add("Host", String.valueOf(exchange.authority()));
        received.forEach((name, value) -> {
            if (!hopByHop.contains(name) && !isMadeHere(name)) {
                fields.add(name, value);
            }
        });
        addCookies(received, hopByHop, fields);
        addForwarded(exchange, fields);
        if (received.containsToken("TE", "trailers")) {
            fields.add("TE", "trailers").add("Connection", "TE");
        }
        return fields.build();
    }

    /** Also in the spelling with underscores, which many applications cannot tell from the one with hyphens. */
    static boolean isMadeHere(String name) {
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
