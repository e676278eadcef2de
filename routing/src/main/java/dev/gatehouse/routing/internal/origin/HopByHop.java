package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import java.util.HashSet;
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

    /** Lower-case names, so that a field with very many of them costs no more than its length. */
    private final Set<String> named;

    /** Those of a message: the fixed ones and what its {@code Connection} field names. */
    HopByHop(HttpFields fields) {
        List<String> tokens = fields.tokens("Connection");
        named = tokens.isEmpty() ? Set.of() : new HashSet<>();
        for (String token : tokens) {
            named.add(token.toLowerCase(Locale.ROOT));
        }
    }

    boolean contains(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return ALWAYS.contains(lowerCase) || named.contains(lowerCase);
    }
}
