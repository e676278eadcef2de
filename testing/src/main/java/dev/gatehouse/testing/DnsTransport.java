package dev.gatehouse.testing;

/** How a query came to a {@link TestDns}. */
public enum DnsTransport {
    /** A datagram. */
    UDP,
    /** A connection, which clients take for responses that do not fit into a datagram. */
    TCP
}
