package dev.gatehouse.routing.contract;

import javax.net.ssl.SSLContext;

/** The server's side, whose certificate is for {@code localhost}, and that of a client that trusts it. */
public record TlsContexts(SSLContext server, SSLContext client) {}
