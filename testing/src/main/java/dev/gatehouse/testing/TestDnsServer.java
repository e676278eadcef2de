package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.dns.DnsFaultPlan;
import dev.gatehouse.testing.internal.dns.DnsListener;
import dev.gatehouse.testing.internal.dns.DnsSockets;
import dev.gatehouse.testing.internal.dns.QueryLog;
import dev.gatehouse.testing.internal.dns.ServedZones;
import dev.gatehouse.testing.internal.dns.ZoneHistory;
import dev.gatehouse.testing.internal.dns.Zones;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * One of the authoritative servers of a {@link TestDns}. It can be behind the others, and do things wrong. Safe for use by
 * several threads; nothing here blocks.
 */
public final class TestDnsServer {
    private final int number;
    private final InetSocketAddress address;
    private final ZoneHistory history;
    private final QueryLog log;
    private final DnsFaultPlan faults = new DnsFaultPlan();
    private final DnsListener listener;
    private volatile Supplier<Zones> zones;

    TestDnsServer(int number, DnsSockets sockets, ZoneHistory history, QueryLog log) {
        this.number = number;
        this.address = sockets.address();
        this.history = history;
        this.log = log;
        this.zones = history::current;
        this.listener = new DnsListener(sockets, new ServedZones(number, () -> zones.get(), faults, log));
    }

    /** {@return its number, from 1} */
    public int number() {
        return number;
    }

    /** {@return where it listens, by UDP and TCP} */
    public InetSocketAddress address() {
        return address;
    }

    /** {@return its name, such as {@code ns1.dns.test}, which the NS records of all zones point to} */
    public String name() {
        return name(number);
    }

    static String name(int number) {
        return "ns" + number + "." + TestDns.OWN_ZONE;
    }

    /** Lets it know the records as they are now, and none of the changes that follow, until {@link #catchUp()}. */
    public void freeze() {
        Zones now = zones.get();
        zones = () -> now;
    }

    /**
     * Lets it always be some changes behind. One call of a method of {@link TestDns} is one change.
     *
     * @param changes from 1 to 100
     */
    public void stayBehind(int changes) {
        if (changes < 1 || changes > ZoneHistory.LONGEST) {
            throw new IllegalArgumentException("changes: " + changes + " (expected: 1 to " + ZoneHistory.LONGEST + ")");
        }
        zones = () -> history.before(changes);
    }

    /** Lets it know all changes, those that were made and those that follow. */
    public void catchUp() {
        zones = history::current;
    }

    /**
     * Lets a fault happen, behind those that were injected before.
     *
     * @param fault what shall go wrong
     */
    public void inject(DnsFault fault) {
        faults.add(fault.queries(), fault.times(), fault.effect());
    }

    /** {@return how many injected faults have not yet met all the queries they are for} */
    public int pendingFaults() {
        return faults.size();
    }

    /** Gives up the injected faults that have not happened. */
    public void clearFaults() {
        faults.clear();
    }

    /** {@return the queries that it got, oldest first; unmodifiable} */
    public List<DnsQuery> queries() {
        return log.all().stream().filter(query -> query.server() == number).toList();
    }

    void close() {
        listener.close();
    }
}
