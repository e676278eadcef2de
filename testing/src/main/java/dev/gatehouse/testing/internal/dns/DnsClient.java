package dev.gatehouse.testing.internal.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Asks one DNS server, remembering nothing: by UDP with EDNS, by TCP what is truncated. Aliases that the server does not
 * follow are followed here. Thread safe; a question takes at most two times five seconds.
 */
public final class DnsClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 2;
    private static final int MOST_ALIASES = 8;

    private final InetSocketAddress server;
    private final SimpleResolver resolver;

    /**
     * Makes a client.
     *
     * @param server whom it asks
     */
    public DnsClient(InetSocketAddress server) {
        this.server = server;
        this.resolver = new SimpleResolver(server);
        resolver.setTimeout(TIMEOUT);
    }

    /**
     * Finds an address.
     *
     * @param host a host name, or an address as text
     * @return the first IPv4 address, or the first IPv6 address if there is no other
     * @throws UnknownHostException if there is none, or the server does not say
     */
    public InetAddress address(String host) throws UnknownHostException {
        if (Address.isDottedQuad(host) || host.indexOf(':') >= 0) {
            return Address.getByAddress(host);
        }
        for (Record record : find(host, Type.A)) {
            return ((ARecord) record).getAddress();
        }
        for (Record record : find(host, Type.AAAA)) {
            return ((AAAARecord) record).getAddress();
        }
        throw new UnknownHostException(host + " has no address, says the DNS server " + server);
    }

    /**
     * Finds TXT records.
     *
     * @param name the name
     * @return the text of each, with its strings put together; none if there is none
     * @throws UnknownHostException if the server does not say
     */
    public List<String> texts(String name) throws UnknownHostException {
        return find(name, Type.TXT).stream()
                .map(record -> text((TXTRecord) record))
                .toList();
    }

    private static String text(TXTRecord record) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (Object string : record.getStringsAsByteArrays()) {
            text.writeBytes((byte[]) string);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private List<Record> find(String text, int type) throws UnknownHostException {
        Name name = name(text);
        Message answer = ask(name, type);
        for (int aliases = 0; aliases < MOST_ALIASES; aliases++) {
            List<Record> found = records(answer, name, type);
            List<Record> alias = records(answer, name, Type.CNAME);
            if (!found.isEmpty() || alias.isEmpty()) {
                return found;
            }
            name = ((CNAMERecord) alias.get(0)).getTarget();
            if (records(answer, name, type).isEmpty()
                    && records(answer, name, Type.CNAME).isEmpty()) {
                answer = ask(name, type);
            }
        }
        throw new UnknownHostException(text + " begins a chain of more than " + MOST_ALIASES + " aliases");
    }

    private Message ask(Name name, int type) throws UnknownHostException {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Message answer = resolver.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
                if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                    return answer;
                }
                throw unknown(name, type, "answers " + Rcode.string(answer.getRcode()), null);
            } catch (UnknownHostException refused) {
                throw refused;
            } catch (IOException e) {
                last = e;
            }
        }
        throw unknown(name, type, "does not answer (" + last + ")", last);
    }

    private UnknownHostException unknown(Name name, int type, String what, @Nullable IOException cause) {
        UnknownHostException unknown = new UnknownHostException(
                "The DNS server " + server + " " + what + " for " + name + " " + Type.string(type));
        unknown.initCause(cause);
        return unknown;
    }

    private static List<Record> records(Message answer, Name name, int type) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == type && record.getName().equals(name))
                .toList();
    }

    private static Name name(String text) throws UnknownHostException {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new UnknownHostException("'" + text + "' is no domain name (" + e.getMessage() + ")");
        }
    }
}
