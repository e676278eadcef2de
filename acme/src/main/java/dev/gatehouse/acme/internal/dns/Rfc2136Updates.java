package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Adds and deletes single values by dynamic updates (RFC 2136, sections 2.5.1 and 2.5.4). Blocks. */
public final class Rfc2136Updates {

    private final Rfc2136Settings settings;
    private final Rfc2136Exchange exchange;

    /** Takes the settings. */
    public Rfc2136Updates(Rfc2136Settings settings) {
        this.settings = settings;
        this.exchange = new Rfc2136Exchange(settings);
    }

    /** Adds the value to the others; that it is there already is no failure. */
    public void add(ChallengeRecord record) throws DnsProviderException {
        Name name = nameOf(record.name());
        Update update = new Update(zoneOf(name));
        update.add(new TXTRecord(name, DClass.IN, record.timeToLive().toSeconds(), record.value()));
        send(update, record);
    }

    /** Deletes this value; that it is gone already is no failure. */
    public void delete(ChallengeRecord record) throws DnsProviderException {
        Name name = nameOf(record.name());
        Update update = new Update(zoneOf(name));
        update.delete(new TXTRecord(name, DClass.IN, 0, record.value()));
        send(update, record);
    }

    private void send(Update update, ChallengeRecord record) throws DnsProviderException {
        Message answer = exchange.send(update);
        if (answer.getRcode() != Rcode.NOERROR) {
            throw Rfc2136Failures.refused(
                    settings,
                    answer.getRcode(),
                    record.name(),
                    update.getQuestion().getName().toString(true));
        }
    }

    /** The server is asked for SOA records up the labels, until it names a zone of its own. */
    private Name zoneOf(Name name) throws DnsProviderException {
        String configured = settings.zone();
        if (configured != null) {
            Name zone = nameOf(configured);
            if (!name.subdomain(zone)) {
                throw DnsProviderException.of(
                        Reason.ZONE,
                        name.toString(true) + " is not in the zone " + configured
                                + " that this provider was set to. Give the zone a provider of its own by forZone(…).");
            }
            return zone;
        }
        for (Name candidate = name; !candidate.equals(Name.root); candidate = new Name(candidate, 1)) {
            Message query = Message.newQuery(Record.newRecord(candidate, Type.SOA, DClass.IN));
            query.getHeader().unsetFlag(Flags.RD);
            Optional<Name> zone = zoneIn(candidate, exchange.send(query));
            if (zone.isPresent()) {
                return zone.get();
            }
        }
        throw Rfc2136Failures.noZone(settings, name.toString(true));
    }

    private static Optional<Name> zoneIn(Name candidate, Message answer) {
        if (!answer.getHeader().getFlag(Flags.AA)) {
            return Optional.empty();
        }
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : answer.getSection(section)) {
                if (record instanceof SOARecord && candidate.subdomain(record.getName())) {
                    return Optional.of(record.getName());
                }
            }
        }
        return Optional.empty();
    }

    private static Name nameOf(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException impossible) {
            throw new IllegalStateException(text + " was checked before", impossible);
        }
    }
}
