package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which protocols may take the place of HTTP. */
public final class UpgradePolicy {

    private UpgradePolicy() {}

    /**
     * Looks at what a client asks for.
     *
     * @param exchange its request, as the host presents it
     * @return the protocol; null if it asks for none, or for one that carries HTTP itself: requests inside of it would pass
     *     the router unseen
     */
    public static @Nullable String allowed(HttpExchange exchange) {
        String protocol = exchange.requestedUpgrade();
        if (protocol == null || !isName(protocol) || carriesHttp(protocol)) {
            return null;
        }
        boolean forwardProxy =
                exchange.method().equals("CONNECT") && exchange.protocol().startsWith("HTTP/1");
        return forwardProxy ? null : protocol;
    }

    /** A token, with a version behind a slash if it has one (RFC 9110, section 7.8). */
    private static boolean isName(String protocol) {
        int slash = protocol.indexOf('/');
        return slash < 0
                ? HttpFields.isValidName(protocol)
                : HttpFields.isValidName(protocol.substring(0, slash))
                        && HttpFields.isValidName(protocol.substring(slash + 1));
    }

    private static boolean carriesHttp(String protocol) {
        String name = protocol.toLowerCase(Locale.ROOT);
        return name.startsWith("h2")
                || name.startsWith("h3")
                || name.equals("http")
                || name.startsWith("http/")
                || name.equals("tls")
                || name.startsWith("tls/");
    }
}
