package dev.gatehouse.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Address;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A record of a {@link TestDns}. Names are written without a dot at the end, and with one they mean the same;
 * {@code *.example.com} is a wildcard (RFC 4592), which in DNS stands for any number of labels.
 *
 * <pre>{@code
 * DnsRecord.a("app.example.com", "127.0.0.1")
 * DnsRecord.txt("_acme-challenge.app.example.com", digest)
 * DnsRecord.of("_https._tcp.example.com", "SRV", "1 1 443 app.example.com.")
 * }</pre>
 *
 * <p>Immutable. Its time to live is a minute, unless {@link #timeToLive} says otherwise.
 */
public final class DnsRecord {
    private static final long USUAL_SECONDS = 60;
    private static final int LONGEST_STRING = 255;

    private final Record content;

    private DnsRecord(Record content) {
        this.content = content;
    }

    /**
     * Makes an A record.
     *
     * @param name whose address it is
     * @param address an IPv4 address as text
     * @return the record
     */
    public static DnsRecord a(String name, String address) {
        return new DnsRecord(
                new ARecord(name(name), DClass.IN, USUAL_SECONDS, address(Address.IPv4, "an IPv4 address", address)));
    }

    /**
     * Makes an AAAA record.
     *
     * @param name whose address it is
     * @param address an IPv6 address as text
     * @return the record
     */
    public static DnsRecord aaaa(String name, String address) {
        return new DnsRecord(new AAAARecord(
                name(name), DClass.IN, USUAL_SECONDS, address(Address.IPv6, "an IPv6 address", address)));
    }

    /**
     * Makes a TXT record. A text of more than 255 bytes becomes several strings, which readers put together again.
     *
     * @param name where it is
     * @param text any text, as it is, without quotes
     * @return the record
     */
    public static DnsRecord txt(String name, String text) {
        return new DnsRecord(new TXTRecord(name(name), DClass.IN, USUAL_SECONDS, strings(text)));
    }

    /**
     * Makes a CNAME record, which is alone at its name.
     *
     * @param name the alias
     * @param target the name it stands for
     * @return the record
     */
    public static DnsRecord cname(String name, String target) {
        return new DnsRecord(new CNAMERecord(name(name), DClass.IN, USUAL_SECONDS, name(target)));
    }

    /**
     * Makes an NS record: at the name of a zone a further name server, below it a delegation.
     *
     * @param name whose name server it is
     * @param target the name of the name server
     * @return the record
     */
    public static DnsRecord ns(String name, String target) {
        return new DnsRecord(new NSRecord(name(name), DClass.IN, USUAL_SECONDS, name(target)));
    }

    /**
     * Makes an MX record.
     *
     * @param name the domain of addresses
     * @param preference from 0 to 65535, the least is asked first
     * @param target the name of the mail server
     * @return the record
     */
    public static DnsRecord mx(String name, int preference, String target) {
        return new DnsRecord(new MXRecord(name(name), DClass.IN, USUAL_SECONDS, preference, name(target)));
    }

    /**
     * Makes a CAA record (RFC 8659).
     *
     * @param name the domain
     * @param flags 128 for critical, 0 otherwise
     * @param tag such as {@code issue} or {@code issuewild}
     * @param value such as {@code letsencrypt.org}
     * @return the record
     */
    public static DnsRecord caa(String name, int flags, String tag, String value) {
        return new DnsRecord(new CAARecord(name(name), DClass.IN, USUAL_SECONDS, flags, tag, value));
    }

    /**
     * Makes an SOA record, in place of the one that each zone has from the start. Changes of the zone count its serial
     * number up from there.
     *
     * @param zone the name of the zone
     * @param primary the name of its first server
     * @param mailbox whose zone it is, such as {@code hostmaster.example.com}
     * @param serial the serial number, from 0 to 2<sup>32</sup>-1
     * @param negativeTimeToLive how long the absence of a name may be remembered; whole seconds
     * @return the record
     */
    public static DnsRecord soa(String zone, String primary, String mailbox, long serial, Duration negativeTimeToLive) {
        return new DnsRecord(new SOARecord(
                name(zone),
                DClass.IN,
                USUAL_SECONDS,
                name(primary),
                name(mailbox),
                serial,
                3600,
                600,
                86400,
                Settings.notNegative("negativeTimeToLive", negativeTimeToLive).toSeconds()));
    }

    /**
     * Makes a record of any type.
     *
     * @param name where it is
     * @param type the type, such as {@code SRV} or {@code TLSA}
     * @param data the data as zone files have it; names in it end with a dot
     * @return the record
     * @throws IllegalArgumentException if there is no such type, or the data is none of this type
     */
    public static DnsRecord of(String name, String type, String data) {
        int number = type(type);
        try {
            return new DnsRecord(Record.fromString(name(name), number, DClass.IN, USUAL_SECONDS, data, Name.root));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "data: '" + data + "' (expected: that of a record of type " + type + "; " + e.getMessage() + ")",
                    e);
        }
    }

    /**
     * Changes how long resolvers may remember the record; the default is a minute.
     *
     * @param newTimeToLive zero or more; fractions of a second are cut off
     * @return another record
     */
    public DnsRecord timeToLive(Duration newTimeToLive) {
        long seconds = Settings.notNegative("timeToLive", newTimeToLive).toSeconds();
        return new DnsRecord(Record.newRecord(
                content.getName(), content.getType(), content.getDClass(), seconds, content.rdataToWireCanonical()));
    }

    /** {@return the name in lower case, without a dot at the end} */
    public String name() {
        return name(content.getName());
    }

    /** {@return the type, such as {@code TXT}} */
    public String type() {
        return Type.string(content.getType());
    }

    /** {@return whether the other object is a record of the same name, type and data; times to live do not matter} */
    @Override
    public boolean equals(Object other) {
        return other instanceof DnsRecord record && content.equals(record.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(content);
    }

    /** {@return the record as zone files have it} */
    @Override
    public String toString() {
        return content.toString();
    }

    Record content() {
        return content;
    }

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(
                    "name: '" + text + "' (expected: a domain name, such as app.example.com; " + e.getMessage() + ")",
                    e);
        }
    }

    static String name(Name name) {
        return name.canonicalize().toString(!name.equals(Name.root));
    }

    static int type(String mnemonic) {
        int type = Type.value(Objects.requireNonNull(mnemonic, "type"), true);
        if (type < 0) {
            throw new IllegalArgumentException(
                    "type: '" + mnemonic + "' (expected: a type of DNS records, such as TXT)");
        }
        return type;
    }

    private static InetAddress address(int family, String expected, String text) {
        try {
            return Address.getByAddress(text, family);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: '" + text + "' (expected: " + expected + ")", e);
        }
    }

    private static List<String> strings(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> strings = new ArrayList<>();
        for (int from = 0; from < bytes.length || from == 0; from += LONGEST_STRING) {
            StringBuilder string = new StringBuilder();
            for (int i = from; i < Math.min(from + LONGEST_STRING, bytes.length); i++) {
                string.append(String.format("\\%03d", bytes[i] & 0xff));
            }
            strings.add(string.toString());
        }
        return strings;
    }
}
