package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What one server answers. */
@Timeout(60)
class TestDnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestDns dns = TestDns.start("example.com");
    private final DnsLookup lookup = DnsLookup.at(dns.address());

    @AfterEach
    void close() {
        dns.close();
    }

    @Test
    void recordsOfAllTypesAreFound() throws IOException {
        dns.add(
                DnsRecord.a("app.example.com", "127.0.0.1"),
                DnsRecord.aaaa("app.example.com", "::1"),
                DnsRecord.txt("app.example.com", "say \"hello\" \\ again"),
                DnsRecord.mx("example.com", 10, "mail.example.com"),
                DnsRecord.caa("example.com", 0, "issue", "ca.example.net"),
                DnsRecord.of("_https._tcp.example.com", "SRV", "1 2 443 app.example.com."));

        assertThat(lookup.answers("app.example.com", Type.A)).containsExactly("A 127.0.0.1");
        assertThat(lookup.answers("APP.example.COM", Type.AAAA)).containsExactly("AAAA 0:0:0:0:0:0:0:1");
        assertThat(lookup.answers("app.example.com", Type.TXT)).containsExactly("TXT \"say \\\"hello\\\" \\\\ again\"");
        assertThat(lookup.answers("example.com", Type.MX)).containsExactly("MX 10 mail.example.com.");
        assertThat(lookup.answers("example.com", Type.CAA)).containsExactly("CAA 0 issue \"ca.example.net\"");
        assertThat(lookup.answers("_https._tcp.example.com", Type.SRV)).containsExactly("SRV 1 2 443 app.example.com.");
        assertThat(lookup.answers("app.example.com", Type.ANY)).hasSize(3);
    }

    @Test
    void aZoneHasItsNameServersAndTheirAddresses() throws IOException {
        assertThat(lookup.answers("example.com", Type.NS)).containsExactly("NS ns1.dns.test.");
        assertThat(lookup.answers("ns1.dns.test", Type.A)).containsExactly("A 127.0.0.1");
        assertThat(dns.server(1).name()).isEqualTo("ns1.dns.test");
    }

    @Test
    void answersAreAuthoritativeAndOfferRecursionWhereItIsDesired() throws IOException {
        Message answer = lookup.ask("example.com", Type.SOA);

        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
    }

    @Test
    void aNameWithoutTheTypeIsToldApartFromOneThatDoesNotExist() throws IOException {
        dns.add(DnsRecord.a("deep.app.example.com", "127.0.0.1"));

        Message noData = lookup.ask("deep.app.example.com", Type.TXT);
        assertThat(noData.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(noData.getSection(Section.ANSWER)).isEmpty();
        assertThat(noData.getSection(Section.AUTHORITY))
                .singleElement()
                .satisfies(soa -> assertThat(soa.getType()).isEqualTo(Type.SOA))
                .satisfies(soa -> assertThat(soa.getTTL()).isEqualTo(1));

        Message noName = lookup.ask("other.example.com", Type.TXT);
        assertThat(noName.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(noName.getSection(Section.AUTHORITY))
                .singleElement()
                .satisfies(soa -> assertThat(soa.getName()).hasToString("example.com."));

        assertThat(lookup.code("app.example.com", Type.A))
                .as("a name with others below it exists (RFC 8020)")
                .isEqualTo("NOERROR");
        assertThat(lookup.code("example.org", Type.A)).isEqualTo("REFUSED");
    }

    @Test
    void aWildcardStandsForAllNamesThatDoNotExist() throws IOException {
        dns.add(
                DnsRecord.a("*.example.com", "127.0.0.9"),
                DnsRecord.a("app.example.com", "127.0.0.1"),
                DnsRecord.a("deep.ent.example.com", "127.0.0.2"));

        assertThat(lookup.answers("any.example.com", Type.A)).containsExactly("A 127.0.0.9");
        assertThat(lookup.answers("a.b.c.example.com", Type.A)).containsExactly("A 127.0.0.9");
        assertThat(lookup.answers("app.example.com", Type.A)).containsExactly("A 127.0.0.1");
        assertThat(lookup.code("any.example.com", Type.TXT)).isEqualTo("NOERROR");
        assertThat(lookup.code("below.app.example.com", Type.A)).isEqualTo("NXDOMAIN");
        assertThat(lookup.answers("ent.example.com", Type.A)).isEmpty();
    }

    @Test
    void aliasesAreFollowedThroughZones() throws IOException {
        dns.addZone("other.test")
                .add(
                        DnsRecord.cname("www.example.com", "app.other.test"),
                        DnsRecord.cname("gone.example.com", "gone.other.test"),
                        DnsRecord.cname("away.example.com", "elsewhere.invalid"),
                        DnsRecord.cname("loop.example.com", "loop.example.com"),
                        DnsRecord.a("app.other.test", "127.0.0.1"));

        assertThat(lookup.answers("www.example.com", Type.A)).containsExactly("CNAME app.other.test.", "A 127.0.0.1");
        assertThat(lookup.answers("www.example.com", Type.CNAME)).containsExactly("CNAME app.other.test.");
        assertThat(lookup.code("gone.example.com", Type.A)).isEqualTo("NXDOMAIN");
        assertThat(lookup.code("away.example.com", Type.A)).isEqualTo("NOERROR");
        assertThat(lookup.answers("away.example.com", Type.A)).containsExactly("CNAME elsewhere.invalid.");
        assertThat(lookup.code("loop.example.com", Type.A)).isEqualTo("SERVFAIL");
    }

    @Test
    void aDelegationIsAnsweredWithTheOtherServers() throws IOException {
        dns.add(DnsRecord.ns("sub.example.com", "ns.elsewhere.test"));

        Message referral = lookup.ask("deep.sub.example.com", Type.A);

        assertThat(referral.getHeader().getFlag(Flags.AA)).isFalse();
        assertThat(referral.getSection(Section.ANSWER)).isEmpty();
        assertThat(referral.getSection(Section.AUTHORITY))
                .singleElement()
                .satisfies(ns -> assertThat(ns.rdataToString()).isEqualTo("ns.elsewhere.test."));

        dns.addZone("sub.example.com").add(DnsRecord.a("deep.sub.example.com", "127.0.0.1"));
        assertThat(lookup.answers("deep.sub.example.com", Type.A)).containsExactly("A 127.0.0.1");
    }

    @Test
    void recordsAreAddedReplacedAndRemovedUnderNewSerialNumbers() throws IOException {
        DnsRecord one = DnsRecord.txt("t.example.com", "one");
        assertThat(lookup.serial("example.com")).isEqualTo(1);

        dns.add(one, DnsRecord.txt("t.example.com", "two"));
        assertThat(lookup.answers("t.example.com", Type.TXT)).containsExactly("TXT one", "TXT two");
        assertThat(lookup.serial("example.com")).isEqualTo(2);

        dns.remove(one);
        assertThat(lookup.answers("t.example.com", Type.TXT)).containsExactly("TXT two");

        dns.set(DnsRecord.txt("t.example.com", "three"), DnsRecord.txt("t.example.com", "four"));
        assertThat(lookup.answers("t.example.com", Type.TXT)).containsExactly("TXT three", "TXT four");
        assertThat(lookup.serial("example.com")).isEqualTo(4);

        dns.remove("t.example.com", "TXT");
        assertThat(lookup.code("t.example.com", Type.TXT)).isEqualTo("NXDOMAIN");

        dns.remove("t.example.com", "TXT");
        assertThat(lookup.serial("example.com"))
                .as("nothing has changed this time")
                .isEqualTo(5);

        dns.add(DnsRecord.soa("example.com", "ns.example.net", "me.example.com", 77, Duration.ofSeconds(5)));
        assertThat(lookup.answers("example.com", Type.SOA))
                .containsExactly("SOA ns.example.net. me.example.com. 77 3600 600 86400 5");
        dns.add(one);
        assertThat(lookup.serial("example.com")).isEqualTo(78);

        dns.removeZone("example.com");
        assertThat(lookup.code("example.com", Type.SOA)).isEqualTo("REFUSED");
    }

    @Test
    void refusedChangesLeaveTheRecordsAsTheyWere() throws IOException {
        dns.add(DnsRecord.a("app.example.com", "127.0.0.1"));

        assertThatThrownBy(() -> dns.add(
                        DnsRecord.a("new.example.com", "127.0.0.1"),
                        DnsRecord.cname("app.example.com", "new.example.com")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("app.example.com would have a CNAME record beside others");
        assertThatThrownBy(() -> dns.add(DnsRecord.a("app.example.org", "127.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name: app.example.org is in no zone of this server. Add one");
        assertThatThrownBy(() -> dns.addZone("EXAMPLE.com."))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a zone already");
        assertThatThrownBy(() -> dns.removeZone("example.org")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DnsRecord.a("app.example.com", "::1"))
                .hasMessageContaining("expected: an IPv4 address");
        assertThatThrownBy(() -> DnsRecord.of("app.example.com", "TEXT", "x")).hasMessageContaining("type: 'TEXT'");
        assertThatThrownBy(() -> DnsRecord.of("app.example.com", "SRV", "x")).hasMessageContaining("data: 'x'");
        assertThatThrownBy(() -> DnsRecord.txt("a..example.com", "x")).hasMessageContaining("name: 'a..example.com'");

        assertThat(lookup.code("new.example.com", Type.A)).isEqualTo("NXDOMAIN");
        assertThat(lookup.serial("example.com")).isEqualTo(2);
    }

    @Test
    void timesToLiveAreThoseThatWereSet() throws IOException {
        dns.add(DnsRecord.txt("t.example.com", "x").timeToLive(Duration.ofMinutes(5)));

        assertThat(lookup.ask("t.example.com", Type.TXT).getSection(Section.ANSWER))
                .singleElement()
                .satisfies(record -> assertThat(record.getTTL()).isEqualTo(300));
    }

    @Test
    void whatDoesNotFitIntoADatagramIsAskedForByTcp() throws Exception {
        String text = "0123456789".repeat(70);
        dns.add(DnsRecord.txt("long.example.com", text));
        String whole = "TXT " + text.substring(0, 255) + " " + text.substring(255, 510) + " " + text.substring(510);

        assertThat(lookup.answers("long.example.com", Type.TXT)).containsExactly(whole);
        assertThat(dns.queries()).extracting(DnsQuery::transport).containsExactly(DnsTransport.UDP);
        dns.clearQueries();

        DnsLookup old = DnsLookup.at(dns.address()).withoutEdns();
        assertThat(old.answers("long.example.com", Type.TXT)).containsExactly(whole);
        assertThat(dns.queries()).extracting(DnsQuery::transport).containsExactly(DnsTransport.UDP, DnsTransport.TCP);

        Message cut = old.ignoringTruncation().ask("long.example.com", Type.TXT);
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(cut.getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void severalQueriesGoThroughOneConnection() throws IOException {
        dns.add(DnsRecord.a("app.example.com", "127.0.0.1"));
        try (Socket socket =
                new Socket(dns.address().getAddress(), dns.address().getPort())) {
            socket.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (String name : List.of("app.example.com", "no.example.com", "app.example.com")) {
                byte[] query = query(name, Type.A).toWire();
                ByteArrayOutputStream framed = new ByteArrayOutputStream();
                framed.write(query.length >> 8);
                framed.write(query.length);
                framed.write(query);
                socket.getOutputStream().write(framed.toByteArray());
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);

                assertThat(new Message(answer).getRcode())
                        .isEqualTo(name.startsWith("app") ? Rcode.NOERROR : Rcode.NXDOMAIN);
            }
        }
    }

    @Test
    void ednsIsAnsweredWithEdnsAndNeverOtherwise() throws IOException {
        assertThat(lookup.ask("example.com", Type.SOA).getOPT())
                .isNotNull()
                .satisfies(edns -> assertThat(edns.getPayloadSize()).isEqualTo(1232));
        Message later = query("example.com", Type.SOA);
        later.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
        assertThat(lookup.send(later).getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(DnsLookup.at(dns.address())
                        .withoutEdns()
                        .ask("example.com", Type.SOA)
                        .getOPT())
                .isNull();
    }

    @Test
    void whatIsNoQuestionForRecordsIsRefused() throws IOException {
        Message notify = query("example.com", Type.SOA);
        notify.getHeader().setOpcode(Opcode.NOTIFY);

        assertThat(lookup.send(notify).getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(exchange(query("example.com", Type.AXFR).toWire()).getRcode())
                .isEqualTo(Rcode.REFUSED);
        assertThat(lookup.send(Message.newQuery(
                                Record.newRecord(Name.fromString("example.com."), Type.TXT, DClass.CHAOS)))
                        .getRcode())
                .isEqualTo(Rcode.REFUSED);
    }

    @Test
    void bytesThatAreNoMessageAreRefusedAndDoNotStopTheServer() throws IOException {
        byte[] query = query("example.com", Type.SOA).toWire();
        query[5] = 9;

        assertThat(exchange(query).getRcode()).isEqualTo(Rcode.FORMERR);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[3], 3, dns.address()));
        }
        assertThat(lookup.code("example.com", Type.SOA)).isEqualTo("NOERROR");
    }

    @Test
    void queriesAreRecorded() throws Exception {
        lookup.ask("Some.Example.Com", Type.TXT);
        lookup.ask("example.com", Type.SOA);

        assertThat(dns.queries())
                .containsExactly(
                        new DnsQuery(1, "some.example.com", "TXT", DnsTransport.UDP, Optional.of("NXDOMAIN")),
                        new DnsQuery(1, "example.com", "SOA", DnsTransport.UDP, Optional.of("NOERROR")));
        assertThat(dns.awaitQuery("SOME.example.com.", "TXT", PATIENCE))
                .isEqualTo(dns.queries().get(0));
        assertThat(dns.awaitQueries(query -> true, 2, PATIENCE))
                .isEqualTo(dns.queries().get(1));
        assertThatThrownBy(() -> dns.awaitQuery("never.example.com", "A", Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("The last ones were [DnsQuery[server=1, name=some.example.com");
    }

    @Test
    void closedItLeavesItsPort() throws IOException {
        InetSocketAddress address = dns.address();
        dns.close();

        try (TestDns next = TestDns.builder().port(address.getPort()).start()) {
            assertThat(next.address()).isEqualTo(address);
            assertThatThrownBy(() -> TestDns.builder().port(address.getPort()).start())
                    .hasMessageContaining("cannot listen on 127.0.0.1 port " + address.getPort());
        }
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    }

    private Message exchange(byte[] query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(query, query.length, dns.address()));
            DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
            socket.receive(answer);
            return new Message(java.util.Arrays.copyOf(answer.getData(), answer.getLength()));
        }
    }
}
