package dev.gatehouse.acme.internal.dns;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * An authoritative server of a zone.
 *
 * @param name its name
 * @param addresses where it is asked; empty if none was found
 */
record NameServer(String name, List<InetSocketAddress> addresses) {

    NameServer {
        addresses = List.copyOf(addresses);
    }
}
