package dev.gatehouse.acme.internal.dns;

import java.net.InetSocketAddress;
import java.util.List;
import org.xbill.DNS.Name;

/**
 * A zone and its authoritative servers.
 *
 * @param zone the name of the zone
 * @param servers its servers, ordered by name
 */
record ZoneServers(Name zone, List<NameServer> servers) {

    ZoneServers {
        servers = List.copyOf(servers);
    }

    List<InetSocketAddress> addresses() {
        return servers.stream().flatMap(server -> server.addresses().stream()).toList();
    }

    /** {@return the name of the zone as people write it} */
    String zoneName() {
        return zone.toString(true);
    }
}
