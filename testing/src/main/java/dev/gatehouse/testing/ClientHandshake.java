package dev.gatehouse.testing;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that a {@link TlsTestServer} made with a client.
 *
 * @param serverName the name that the client asked for, null for none
 * @param completed whether both sides completed it; a client of TLS 1.3 may still refuse a moment later, which the failure
 *     then tells
 * @param protocol such as {@code TLSv1.3}, null if it was not completed
 * @param applicationProtocol what was agreed on by ALPN, null for nothing
 * @param clientChain what the client showed, leaf first; unmodifiable, empty for no client certificate
 * @param alert the alert by which the client refused, null for none
 * @param failure what went wrong, in words of the JDK; null if nothing did
 */
public record ClientHandshake(
        @Nullable String serverName,
        boolean completed,
        @Nullable String protocol,
        @Nullable String applicationProtocol,
        List<X509Certificate> clientChain,
        @Nullable ReceivedAlert alert,
        @Nullable String failure) {}
