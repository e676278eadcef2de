package dev.gatehouse.testing;

import java.util.Optional;

/**
 * A query that came to a {@link TestDns}.
 *
 * @param server the number of the server that was asked, from 1
 * @param name the name in lower case, without a dot at the end; a dot for the root
 * @param type the type of the records, such as {@code TXT}
 * @param transport how it came
 * @param responseCode what it is answered with, such as {@code NOERROR} or {@code NXDOMAIN}; empty if it gets no answer
 */
public record DnsQuery(int server, String name, String type, DnsTransport transport, Optional<String> responseCode) {}
