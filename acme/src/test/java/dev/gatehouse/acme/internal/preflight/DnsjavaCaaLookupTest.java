package dev.gatehouse.acme.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;

/** Against a name server on loopback. */
class DnsjavaCaaLookupTest {

    private final DatagramSocket socket;
    private final CaaLookup lookup;
    private Map<String, Record> zone = Map.of();
    private volatile int rcode = Rcode.NXDOMAIN;

    DnsjavaCaaLookupTest() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        lookup = new DnsjavaCaaLookup(new SimpleResolver((InetSocketAddress) socket.getLocalSocketAddress()));
    }

    @BeforeEach
    void start() {
        Thread server = new Thread(this::serve, "test-dns");
        server.setDaemon(true);
        server.start();
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    @Test
    void recordsAreReadAndAliasesFollowed() throws IOException {
        Name target = Name.fromString("target.test.");
        Name alias = Name.fromString("alias.test.");
        zone = Map.of(
                "target.test.",
                new CAARecord(target, DClass.IN, 60, CAARecord.Flags.IssuerCritical, "issue", "letsencrypt.org"),
                "alias.test.",
                new CNAMERecord(alias, DClass.IN, 60, target));

        assertThat(lookup.lookup("target.test")).containsExactly(new CaaRecord(true, "issue", "letsencrypt.org"));
        assertThat(lookup.lookup("alias.test")).containsExactly(new CaaRecord(true, "issue", "letsencrypt.org"));
    }

    @Test
    void aNameThatDoesNotExistOrHasNoneHasNone() throws IOException {
        assertThat(lookup.lookup("missing.test")).isEmpty();
        rcode = Rcode.NOERROR;
        assertThat(lookup.lookup("empty.test")).isEmpty();
    }

    @Test
    void aServerThatFailsIsAnError() {
        rcode = Rcode.SERVFAIL;

        assertThatThrownBy(() -> lookup.lookup("broken.test"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the CAA records of broken.test cannot be looked up");
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength())));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(Message query) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        Record record = zone.get(query.getQuestion().getName().toString());
        if (record == null) {
            answer.getHeader().setRcode(rcode);
        } else {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer.toWire();
    }
}
