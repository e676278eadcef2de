package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The fields that belong to one connection and are not passed on (RFC 9110, section 7.6.1). */
final class HopByHop {

    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authorization",
            "proxy-authenticate",
            "http2-settings");

    private final List<String> named;

    /** Those of a message: the fixed ones and what its {@code Connection} field names. */
    HopByHop(HttpFields fields) {
        named = fields.tokens("Connection");
    }

    boolean contains(String name) {
        return ALWAYS.contains(name.toLowerCase(Locale.ROOT)) || isNamed(name);
    }

    private boolean isNamed(String name) {
        for (int i = 0; i < named.size(); i++) {
            if (named.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
