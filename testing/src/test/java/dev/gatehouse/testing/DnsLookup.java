package dev.gatehouse.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Queries with dnsjava's resolver, which checks that answers fit their questions. */
final class DnsLookup {
    private final SimpleResolver resolver;

    private DnsLookup(SimpleResolver resolver) {
        this.resolver = resolver;
    }

    static DnsLookup at(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(Duration.ofSeconds(10));
        return new DnsLookup(resolver);
    }

    DnsLookup impatient() {
        resolver.setTimeout(Duration.ofMillis(200));
        return this;
    }

    DnsLookup withoutEdns() {
        resolver.setEDNS(-1);
        return this;
    }

    DnsLookup ignoringTruncation() {
        resolver.setIgnoreTruncation(true);
        return this;
    }

    Message ask(String name, int type) throws IOException {
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN)));
    }

    Message send(Message query) throws IOException {
        return resolver.send(query);
    }

    String code(String name, int type) throws IOException {
        return Rcode.string(ask(name, type).getRcode());
    }

    /** The records of the answer section, as text without name, time to live and class. */
    List<String> answers(String name, int type) throws IOException {
        return ask(name, type).getSection(Section.ANSWER).stream()
                .map(record -> Type.string(record.getType()) + " " + record.rdataToString())
                .toList();
    }

    long serial(String zone) throws IOException {
        return ((SOARecord) ask(zone, Type.SOA).getSection(Section.ANSWER).get(0)).getSerial();
    }
}
