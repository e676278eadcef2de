package dev.gatehouse.acme.internal.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Finds where the record of a challenge goes: follows aliases from {@code _acme-challenge.DOMAIN} on, each by a question to
 * the authoritative servers of its zone. Only if none of them answers from here, a resolver is asked for the alias.
 */
final class RecordPlaces {

    private static final int MOST_ALIASES = 10;
    private static final int MOST_REFERRALS = 8;

    private final DnsClient client;
    private final RecursiveLookup lookup;
    private final Zones zones;

    RecordPlaces(DnsClient client, RecursiveLookup lookup, Zones zones) {
        this.client = client;
        this.lookup = lookup;
        this.zones = zones;
    }

    /** Finds the place; fails with a {@link LookupException}. */
    CompletionStage<RecordPlace> find(String name, boolean followingAliases) {
        try {
            return follow(List.of(Name.fromString(name, Name.root)), followingAliases);
        } catch (TextParseException notAName) {
            return CompletableFuture.failedStage(
                    new LookupException(name + " is not a name that DNS takes (" + notAName.getMessage() + ")."));
        }
    }

    /** The parent's zone is looked up, so that no resolver is asked for a name that is yet to come. */
    private CompletionStage<RecordPlace> follow(List<Name> chain, boolean followingAliases) {
        Name name = chain.get(chain.size() - 1);
        Name parent = name.labels() > 2 ? new Name(name, 1) : name;
        return zones.of(parent)
                .thenCompose(zone -> within(zone, name, MOST_REFERRALS))
                .thenCompose(seen -> {
                    if (seen.alias().isEmpty() || !followingAliases) {
                        return CompletableFuture.completedStage(new RecordPlace(lowerCase(name), seen.zone()));
                    }
                    return follow(extended(chain, seen.alias().get()), true);
                });
    }

    private static List<Name> extended(List<Name> chain, Name target) {
        List<Name> longer = new ArrayList<>(chain);
        longer.add(target);
        if (chain.contains(target)) {
            throw new LookupException(show(longer) + ": these aliases (CNAME) lead in a circle. Mend one of them.");
        }
        if (longer.size() > MOST_ALIASES + 1) {
            throw new LookupException(show(longer) + ": these are more than " + MOST_ALIASES
                    + " aliases (CNAME) in a row. Point the first one at the last name.");
        }
        return longer;
    }

    /**
     * What the servers of a zone say about a name.
     *
     * @param zone the zone that it is in, which may be further down
     * @param alias where it leads, if it is an alias
     */
    private record Seen(ZoneServers zone, Optional<Name> alias) {}

    private CompletionStage<Seen> within(ZoneServers zone, Name name, int referralsLeft) {
        return anyAnswer(zone.addresses(), name).thenCompose(answer -> {
            if (answer.isEmpty()) {
                return lookup.ask(name, Type.CNAME).thenApply(told -> new Seen(zone, aliasIn(told, name)));
            }
            Optional<Name> further = zoneBelow(zone.zone(), name, answer.get());
            if (further.isEmpty()) {
                return CompletableFuture.completedStage(new Seen(zone, aliasIn(answer.get(), name)));
            }
            if (referralsLeft == 0) {
                return CompletableFuture.failedStage(new LookupException(lowerCase(name) + ": its zone is more than "
                        + MOST_REFERRALS + " delegations below another. Check them."));
            }
            return belowOf(further.get(), answer.get()).thenCompose(below -> within(below, name, referralsLeft - 1));
        });
    }

    private CompletionStage<ZoneServers> belowOf(Name zone, Message answer) {
        return answer.getHeader().getFlag(Flags.AA) ? zones.of(zone) : zones.referredTo(zone, answer);
    }

    /** All are asked at the same time, and the first that has something to say counts. */
    private CompletionStage<Optional<Message>> anyAnswer(List<InetSocketAddress> servers, Name name) {
        CompletableFuture<Optional<Message>> first = new CompletableFuture<>();
        CompletableFuture<?>[] all = servers.stream()
                .map(server -> client.askDirectly(server, name, Type.SOA)
                        .thenAccept(answer -> {
                            if (isUseful(answer)) {
                                first.complete(Optional.of(answer));
                            }
                        })
                        .exceptionally(silent -> null)
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(all).thenRun(() -> first.complete(Optional.empty()));
        return first;
    }

    private static boolean isUseful(Message answer) {
        int code = answer.getRcode();
        boolean isReferral = answer.getSection(Section.AUTHORITY).stream().anyMatch(NSRecord.class::isInstance);
        return (code == Rcode.NOERROR || code == Rcode.NXDOMAIN)
                && (answer.getHeader().getFlag(Flags.AA) || isReferral);
    }

    /** A zone between the one that was asked and the name: by a referral, or on the same server. */
    private static Optional<Name> zoneBelow(Name zone, Name name, Message answer) {
        if (aliasIn(answer, name).isPresent()) {
            return Optional.empty();
        }
        List<Record> records = new ArrayList<>(answer.getSection(Section.ANSWER));
        records.addAll(answer.getSection(Section.AUTHORITY));
        return records.stream()
                .filter(record -> record instanceof SOARecord || record instanceof NSRecord)
                .map(Record::getName)
                .filter(owner -> name.subdomain(owner) && owner.subdomain(zone) && !owner.equals(zone))
                .findFirst();
    }

    private static Optional<Name> aliasIn(Message answer, Name name) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(record ->
                        record instanceof CNAMERecord && record.getName().equals(name))
                .map(record -> ((CNAMERecord) record).getTarget())
                .findFirst();
    }

    private static String show(List<Name> chain) {
        return chain.stream().map(RecordPlaces::lowerCase).collect(Collectors.joining(" -> "));
    }

    private static String lowerCase(Name name) {
        return name.canonicalize().toString(true);
    }
}
