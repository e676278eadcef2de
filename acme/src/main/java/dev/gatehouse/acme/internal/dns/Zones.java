package dev.gatehouse.acme.internal.dns;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Finds the zone of a name, by asking for SOA records up the labels, and the zone's authoritative servers. What was found
 * is remembered for a minute, for at most 1,000 names; failures are not remembered. Questions for the same name at the
 * same time are asked once.
 */
final class Zones {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int MOST_REMEMBERED = 1_000;
    private static final int MOST_SERVERS = 32;
    private static final int MOST_ADDRESSES = 16;

    private final RecursiveLookup lookup;
    private final int port;
    private final AsyncCache<Name, ZoneServers> found;

    /**
     * Makes a finder.
     *
     * @param lookup asks the resolvers
     * @param port where authoritative servers are asked
     * @param clock tells when what is remembered has become old
     */
    Zones(RecursiveLookup lookup, int port, InstantSource clock) {
        this.lookup = lookup;
        this.port = port;
        this.found = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .executor(Runnable::run)
                .buildAsync();
    }

    /** Finds the zone that a name is in, with its servers; fails with a {@link LookupException}. */
    CompletionStage<ZoneServers> of(Name name) {
        return found.get(
                name,
                (wanted, executor) ->
                        zoneOf(wanted, wanted).thenCompose(this::serversOf).toCompletableFuture());
    }

    /** Finds addresses for the servers that a referral names. */
    CompletionStage<ZoneServers> referredTo(Name zone, Message referral) {
        return withAddresses(zone, serverNames(zone, referral, Section.AUTHORITY), referral);
    }

    private CompletionStage<Name> zoneOf(Name wanted, Name candidate) {
        if (candidate.equals(Name.root)) {
            return CompletableFuture.failedStage(new LookupException("No zone was found for " + wanted.toString(true)
                    + ": no resolver knows an SOA record for it or above. Check that the domain is registered."));
        }
        return lookup.ask(candidate, Type.SOA)
                .thenCompose(answer -> zoneIn(candidate, answer)
                        .<CompletionStage<Name>>map(CompletableFuture::completedStage)
                        .orElseGet(() -> zoneOf(wanted, new Name(candidate, 1))));
    }

    /** The SOA record of an alias belongs to the zone of its target, so such answers are skipped. */
    private static Optional<Name> zoneIn(Name candidate, Message answer) {
        for (Record record : answer.getSection(Section.ANSWER)) {
            if (record instanceof CNAMERecord) {
                return Optional.empty();
            }
            if (record instanceof SOARecord && record.getName().equals(candidate)) {
                return Optional.of(candidate);
            }
        }
        return answer.getSection(Section.AUTHORITY).stream()
                .filter(record -> record instanceof SOARecord)
                .map(Record::getName)
                .filter(zone -> candidate.subdomain(zone) && !zone.equals(Name.root))
                .findFirst();
    }

    private CompletionStage<ZoneServers> serversOf(Name zone) {
        return lookup.ask(zone, Type.NS).thenCompose(answer -> {
            Set<Name> names = serverNames(zone, answer, Section.ANSWER);
            if (names.isEmpty()) {
                return CompletableFuture.failedStage(new LookupException("The zone " + zone.toString(true)
                        + " has no NS records that a resolver would tell. Check the zone and its delegation."));
            }
            return withAddresses(zone, names, answer);
        });
    }

    private static Set<Name> serverNames(Name zone, Message answer, int section) {
        Set<Name> names = new LinkedHashSet<>();
        for (Record record : answer.getSection(section)) {
            if (record instanceof NSRecord server && server.getName().equals(zone) && names.size() < MOST_SERVERS) {
                names.add(server.getTarget());
            }
        }
        return names;
    }

    private CompletionStage<ZoneServers> withAddresses(Name zone, Set<Name> names, Message answer) {
        CompletionStage<List<NameServer>> all = CompletableFuture.completedStage(List.of());
        for (Name name : names) {
            all = all.thenCombine(serverNamed(name, answer), (servers, server) -> {
                List<NameServer> more = new ArrayList<>(servers);
                more.add(server);
                return more;
            });
        }
        return all.thenApply(servers -> new ZoneServers(
                zone,
                servers.stream().sorted(Comparator.comparing(NameServer::name)).toList()));
    }

    /** Glue often has one family of addresses only, so the other is asked for. */
    private CompletionStage<NameServer> serverNamed(Name name, Message answer) {
        List<Record> glue = answer.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getName().equals(name))
                .toList();
        return addresses(name, Type.A, glue).thenCombine(addresses(name, Type.AAAA, glue), (ipv4, ipv6) -> {
            Set<InetSocketAddress> both = new LinkedHashSet<>(ipv4);
            both.addAll(ipv6);
            return new NameServer(
                    name.toString(true), both.stream().limit(MOST_ADDRESSES).toList());
        });
    }

    /** An unknown address is no failure here: the server is reported as one that cannot be reached. */
    private CompletionStage<List<InetSocketAddress>> addresses(Name name, int type, List<Record> glue) {
        List<InetSocketAddress> known = addressesIn(glue, type);
        if (!known.isEmpty()) {
            return CompletableFuture.completedStage(known);
        }
        return lookup.ask(name, type)
                .thenApply(answer -> addressesIn(answer.getSection(Section.ANSWER), type))
                .exceptionally(unknown -> List.of());
    }

    private List<InetSocketAddress> addressesIn(List<Record> records, int type) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Record record : records) {
            if (record.getType() != type) {
                continue;
            }
            InetAddress address =
                    record instanceof ARecord ipv4 ? ipv4.getAddress() : ((AAAARecord) record).getAddress();
            addresses.add(new InetSocketAddress(address, port));
        }
        return addresses;
    }
}
