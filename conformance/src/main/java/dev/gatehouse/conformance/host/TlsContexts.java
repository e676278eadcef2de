package dev.gatehouse.conformance.host;

import javax.net.ssl.SSLContext;

/**
 * Both sides of TLS.
 *
 * @param server the server's side, whose certificate is for {@code localhost}
 * @param client that of a client that trusts it
 */
public record TlsContexts(SSLContext server, SSLContext client) {}
