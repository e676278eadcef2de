package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The wish of a client to go on in another protocol, and how an origin is told of it: always in the way of HTTP/1.1 (RFC
 * 9110, section 7.8). An extended {@code CONNECT} becomes such a request (RFC 8441, section 5), with the key that WebSocket
 * demands over HTTP/1.1 and does not have over HTTP/2.
 */
final class Upgrade {

    private static final String WEB_SOCKET = "websocket";
    private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int WEB_SOCKET_KEY_BYTES = 16;
    private static final SecureRandom KEYS = new SecureRandom();

    private final String protocol;
    private final boolean extendedConnect;
    private final @Nullable String webSocketKey;

    private Upgrade(String protocol, boolean extendedConnect) {
        this.protocol = protocol;
        this.extendedConnect = extendedConnect;
        webSocketKey = extendedConnect && protocol.equalsIgnoreCase(WEB_SOCKET) ? newKey() : null;
    }

    /** The one that a request asks for; null if it asks for none. */
    static @Nullable Upgrade of(HttpExchange exchange) {
        String protocol = exchange.requestedUpgrade();
        return protocol == null ? null : new Upgrade(protocol, exchange.method().equals("CONNECT"));
    }

    private static String newKey() {
        byte[] key = new byte[WEB_SOCKET_KEY_BYTES];
        KEYS.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** The only protocol to which the origin may switch. */
    String protocol() {
        return protocol;
    }

    /** The method with which the origin is asked. */
    String method(String requested) {
        return extendedConnect ? "GET" : requested;
    }

    /** Whether a status that is not 101 would tell the client that the protocol has been switched. */
    boolean meansSwitched(int status) {
        return extendedConnect && status >= 200 && status < 300;
    }

    /** Completes the fields that the origin gets. */
    HttpFields asked(HttpFields fields) {
        HttpFields.Builder asked = fields.toBuilder().add("Upgrade", protocol).add("Connection", "Upgrade");
        return webSocketKey == null
                ? asked.build()
                : asked.set("Sec-WebSocket-Key", webSocketKey).build();
    }

    /** Whether the origin has understood what it was asked; fields are those of its 101. */
    boolean isConfirmedBy(HttpFields fields) {
        return webSocketKey == null || acceptFor(webSocketKey).equals(fields.get("Sec-WebSocket-Accept"));
    }

    /** The fields that the client gets with the switch. */
    HttpFields answered(HttpFields fields) {
        return webSocketKey == null
                ? fields
                : fields.toBuilder().remove("Sec-WebSocket-Accept").build();
    }

    private static String acceptFor(String key) {
        try {
            byte[] text = (key + WEB_SOCKET_GUID).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
