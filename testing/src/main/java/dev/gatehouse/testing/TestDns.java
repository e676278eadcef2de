package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.dns.DnsSockets;
import dev.gatehouse.testing.internal.dns.QueryLog;
import dev.gatehouse.testing.internal.dns.Zone;
import dev.gatehouse.testing.internal.dns.ZoneHistory;
import dev.gatehouse.testing.internal.dns.Zones;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;

/**
 * DNS inside the JVM of a test: one or several authoritative servers on the loopback address, by UDP and TCP, for the zones
 * and records that the test sets. Each can be behind the others, fail, or not answer.
 *
 * <pre>{@code
 * try (TestDns dns = TestDns.builder().servers(2).zone("example.com").start();
 *         AcmeTestServer acme = AcmeTestServer.builder().dns(dns).start()) {
 *     dns.server(2).freeze();
 *     dns.add(DnsRecord.txt("_acme-challenge.app.example.com", digest));
 *     // A client of acme waits for the second server, until:
 *     dns.server(2).catchUp();
 * }
 * }</pre>
 *
 * <p>A zone has SOA and NS records from the start, and its serial number counts the changes. Names that do not exist are
 * told apart from names without records of the type (RFC 2308), wildcards are those of RFC 4592, aliases are followed
 * through all zones, and a name in no zone is refused. Answers that do not fit into a datagram, of 512 bytes or what EDNS
 * allows up to 1232, are truncated. Clients that take it for a recursive resolver find all of its zones.
 *
 * <p>All servers listen on the same port: the first at 127.0.0.1, the others at 127.0.0.2 and so on, as macOS allows only
 * when these addresses were given to its loopback interface. The servers are called {@code ns1.dns.test},
 * {@code ns2.dns.test}, and have addresses under these names, so that clients that look for the name servers of a zone find
 * them.
 *
 * <p>Safe for use by several threads. Queries that make no sense leave one log line each, under the name of this class.
 */
public final class TestDns implements AutoCloseable {
    static final String OWN_ZONE = "dns.test";

    private static final Logger LOG = LoggerFactory.getLogger(TestDns.class);
    private static final int MOST_SERVERS = 8;

    private final ZoneHistory history = new ZoneHistory();
    private final QueryLog log = new QueryLog();
    private final List<TestDnsServer> servers;

    private TestDns(int count, int port, Set<String> zones) {
        List<InetAddress> addresses =
                IntStream.rangeClosed(1, count).mapToObj(TestDns::loopback).toList();
        List<DnsSockets> sockets = DnsSockets.bind(addresses, port);
        List<TestDnsServer> started = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            started.add(new TestDnsServer(number, sockets.get(number - 1), history, log));
        }
        this.servers = List.copyOf(started);
        addZone(OWN_ZONE);
        for (TestDnsServer server : servers) {
            add(DnsRecord.a(server.name(), server.address().getAddress().getHostAddress()));
        }
        zones.forEach(this::addZone);
        history.forgetEarlier();
        LOG.info(
                "Test DNS started at {}",
                servers.stream().map(TestDnsServer::address).toList());
    }

    /**
     * Starts one server on a free port.
     *
     * @param zones the names of its zones, such as {@code example.com}; others can be added later
     * @return a running fixture, to be closed
     */
    public static TestDns start(String... zones) {
        Builder builder = builder();
        Arrays.stream(zones).forEach(builder::zone);
        return builder.start();
    }

    /** {@return a builder for other settings} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return where the first server listens, by UDP and TCP} */
    public InetSocketAddress address() {
        return servers.get(0).address();
    }

    /** {@return the servers; unmodifiable} */
    public List<TestDnsServer> servers() {
        return servers;
    }

    /**
     * Finds a server.
     *
     * @param number from 1
     * @return the server
     */
    public TestDnsServer server(int number) {
        if (number < 1 || number > servers.size()) {
            throw new IllegalArgumentException("number: " + number + " (expected: 1 to " + servers.size() + ")");
        }
        return servers.get(number - 1);
    }

    /**
     * Adds a zone, with SOA and NS records.
     *
     * @param name its name; a zone below another takes its names from that
     * @return this fixture
     * @throws IllegalArgumentException if there is such a zone already
     */
    public TestDns addZone(String name) {
        Name apex = DnsRecord.name(name);
        SOARecord soa = (SOARecord)
                DnsRecord.soa(name, TestDnsServer.name(1), "hostmaster." + OWN_ZONE, 1, Duration.ofSeconds(1))
                        .content();
        Zone zone = Zone.of(
                soa,
                servers.stream()
                        .map(server -> DnsRecord.ns(name, server.name()).content())
                        .toList());
        history.change(zones -> {
            if (zones.at(apex).isPresent()) {
                throw new IllegalArgumentException("name: " + name + " is a zone already. Add records to it.");
            }
            return zones.with(zone);
        });
        return this;
    }

    /**
     * Removes a zone with its records: from now on its names are refused.
     *
     * @param name its name
     * @return this fixture
     * @throws IllegalArgumentException if there is no such zone
     */
    public TestDns removeZone(String name) {
        Name apex = DnsRecord.name(name);
        history.change(zones -> {
            if (zones.at(apex).isEmpty()) {
                throw new IllegalArgumentException("name: " + name + " is no zone here.");
            }
            return zones.without(apex);
        });
        return this;
    }

    /**
     * Adds records beside those that there are, in one change for each zone.
     *
     * @param first a record
     * @param others more of them
     * @return this fixture
     * @throws IllegalArgumentException if a name is in no zone, or would have a CNAME record beside others; nothing has
     *     changed then
     */
    public TestDns add(DnsRecord first, DnsRecord... others) {
        history.change(zones -> added(zones, all(first, others)));
        return this;
    }

    /**
     * Adds records in place of all that have the same names and types.
     *
     * @param first a record
     * @param others more of them
     * @return this fixture
     * @throws IllegalArgumentException as {@link #add} does
     */
    public TestDns set(DnsRecord first, DnsRecord... others) {
        List<DnsRecord> wanted = all(first, others);
        history.change(zones -> {
            Zones changed = zones;
            for (DnsRecord record : wanted) {
                changed = changed.with(zone(changed, record)
                        .without(
                                there -> there.getName().equals(record.content().getName())
                                        && there.getType() == record.content().getType()));
            }
            return added(changed, wanted);
        });
        return this;
    }

    /**
     * Removes records; those that are not there do not matter.
     *
     * @param first a record
     * @param others more of them
     * @return this fixture
     */
    public TestDns remove(DnsRecord first, DnsRecord... others) {
        List<DnsRecord> unwanted = all(first, others);
        history.change(zones -> {
            Zones changed = zones;
            for (DnsRecord record : unwanted) {
                changed = changed.with(zone(changed, record).without(record.content()::equals));
            }
            return changed;
        });
        return this;
    }

    /**
     * Removes all records of a type at a name; that there are none does not matter.
     *
     * @param name the name
     * @param type the type, such as {@code TXT}; SOA records stay
     * @return this fixture
     */
    public TestDns remove(String name, String type) {
        Name owner = DnsRecord.name(name);
        int number = DnsRecord.type(type);
        history.change(zones -> zones.with(
                zone(zones, owner).without(there -> there.getName().equals(owner) && there.getType() == number)));
        return this;
    }

    /** {@return the queries of all servers, oldest first, the last 10,000 of them; unmodifiable} */
    public List<DnsQuery> queries() {
        return log.all();
    }

    /** Forgets the queries until now. */
    public void clearQueries() {
        log.clear();
    }

    /**
     * Waits until there was a query, which may have been before.
     *
     * @param name the name
     * @param type the type, such as {@code TXT}
     * @param timeout how long to wait at most
     * @return the first one
     * @throws TimeoutException if none came in time
     * @throws InterruptedException if the thread is interrupted
     */
    public DnsQuery awaitQuery(String name, String type, Duration timeout)
            throws TimeoutException, InterruptedException {
        String wanted = DnsRecord.name(DnsRecord.name(name));
        return awaitQueries(query -> query.name().equals(wanted) && query.type().equals(type), 1, timeout);
    }

    /**
     * Waits until there were some queries, which may have been before.
     *
     * @param wanted which of them count; called on the waiting thread
     * @param count how many of them, 1 or more
     * @param timeout how long to wait at most
     * @return the last one of so many
     * @throws TimeoutException if fewer came in time
     * @throws InterruptedException if the thread is interrupted
     */
    public DnsQuery awaitQueries(Predicate<DnsQuery> wanted, int count, Duration timeout)
            throws TimeoutException, InterruptedException {
        if (count < 1) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
        }
        return log.await(wanted, count, Settings.positive("timeout", timeout).toNanos())
                .orElseThrow(() -> new TimeoutException("Of the queries that were waited for, fewer than " + count
                        + " came within " + timeout + ". The last ones were " + last(10) + "."));
    }

    /** Stops the servers and closes their ports. */
    @Override
    public void close() {
        servers.forEach(TestDnsServer::close);
    }

    private List<DnsQuery> last(int count) {
        List<DnsQuery> all = log.all();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    private static Zones added(Zones zones, List<DnsRecord> records) {
        Set<Name> apexes = new LinkedHashSet<>();
        records.forEach(record -> apexes.add(zone(zones, record).apex()));
        Zones changed = zones;
        for (Name apex : apexes) {
            Zone zone = zones.at(apex).orElseThrow();
            changed = changed.with(zone.with(records.stream()
                    .filter(record -> zone(zones, record) == zone)
                    .map(DnsRecord::content)
                    .toList()));
        }
        return changed;
    }

    private static Zone zone(Zones zones, DnsRecord record) {
        return zone(zones, record.content().getName());
    }

    private static Zone zone(Zones zones, Name name) {
        return zones.of(name)
                .orElseThrow(() -> new IllegalArgumentException("name: " + DnsRecord.name(name)
                        + " is in no zone of this server. Add one, such as addZone(\"example.com\")."));
    }

    private static List<DnsRecord> all(DnsRecord first, DnsRecord... others) {
        return Stream.concat(Stream.of(first), Arrays.stream(others)).toList();
    }

    private static InetAddress loopback(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Settings of a {@link TestDns}. Each is made at most once, unless it says otherwise. Not safe for several threads. */
    public static final class Builder {
        private final Set<String> zones = new LinkedHashSet<>();
        private @Nullable Integer servers;
        private @Nullable Integer port;

        private Builder() {}

        /**
         * Adds a zone. It may be called for several; the default is none.
         *
         * @param name its name, such as {@code example.com}
         * @return this builder
         */
        public Builder zone(String name) {
            Settings.requireUnset("zone " + name, zones.contains(name) ? name : null);
            zones.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * Sets how many servers there are; the default is one.
         *
         * @param count from 1 to 8
         * @return this builder
         */
        public Builder servers(int count) {
            Settings.requireUnset("servers", servers);
            if (count < 1 || count > MOST_SERVERS) {
                throw new IllegalArgumentException("count: " + count + " (expected: 1 to " + MOST_SERVERS + ")");
            }
            servers = count;
            return this;
        }

        /**
         * Sets the port of all servers; the default is one that is free.
         *
         * @param newPort from 1 to 65535
         * @return this builder
         */
        public Builder port(int newPort) {
            Settings.requireUnset("port", port);
            port = Settings.port("port", newPort);
            return this;
        }

        /**
         * Starts the servers.
         *
         * @return a running fixture, to be closed
         * @throws java.io.UncheckedIOException if they cannot listen
         */
        public TestDns start() {
            return new TestDns(servers == null ? 1 : servers, port == null ? 0 : port, zones);
        }
    }
}
