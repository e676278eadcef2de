package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.tools.SystemTool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

/** Several servers that do not agree, and servers that do things wrong. */
@Timeout(60)
class TestDnsServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String NAME = "t.example.com";

    private final TestDns dns = TestDns.builder().servers(2).zone("example.com").start();
    private final DnsLookup first = DnsLookup.at(dns.server(1).address());
    private final DnsLookup second = DnsLookup.at(dns.server(2).address());

    @AfterEach
    void close() {
        dns.close();
    }

    @Test
    void theServersOfAZoneAreFoundByItsNsRecordsAtOnePort() throws IOException {
        assertThat(first.answers("example.com", Type.NS)).containsExactly("NS ns1.dns.test.", "NS ns2.dns.test.");
        assertThat(first.answers("ns2.dns.test", Type.A)).containsExactly("A 127.0.0.2");
        assertThat(dns.server(2).address().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
        assertThat(dns.server(2).address().getPort()).isEqualTo(dns.address().getPort());
    }

    @Test
    void aFrozenServerKnowsNoChangeUntilItIsReleased() throws IOException {
        dns.add(DnsRecord.txt(NAME, "old"));
        dns.server(2).freeze();
        dns.set(DnsRecord.txt(NAME, "new"));

        assertThat(first.answers(NAME, Type.TXT)).containsExactly("TXT new");
        assertThat(second.answers(NAME, Type.TXT)).containsExactly("TXT old");
        assertThat(second.serial("example.com")).isEqualTo(first.serial("example.com") - 1);

        dns.server(2).catchUp();
        assertThat(second.answers(NAME, Type.TXT)).containsExactly("TXT new");
    }

    @Test
    void aServerStaysBehindBySomeChanges() throws IOException {
        dns.server(2).stayBehind(2);
        dns.add(DnsRecord.txt(NAME, "1"));
        assertThat(second.code(NAME, Type.TXT)).isEqualTo("NXDOMAIN");

        dns.set(DnsRecord.txt(NAME, "2")).set(DnsRecord.txt(NAME, "3"));
        assertThat(second.answers(NAME, Type.TXT)).containsExactly("TXT 1");
        assertThat(first.answers(NAME, Type.TXT)).containsExactly("TXT 3");
        assertThatThrownBy(() -> dns.server(2).stayBehind(101)).hasMessage("changes: 101 (expected: 1 to 100)");
    }

    @Test
    void aFailingServerFailsAsOftenAsItWasTold() throws IOException {
        dns.server(1).inject(DnsFault.serverFailure().times(2));
        dns.server(1).inject(DnsFault.responseCode("REFUSED"));

        assertThat(first.code("example.com", Type.SOA)).isEqualTo("SERVFAIL");
        assertThat(second.code("example.com", Type.SOA)).isEqualTo("NOERROR");
        assertThat(dns.server(1).pendingFaults()).isEqualTo(2);
        assertThat(first.code("example.com", Type.SOA)).isEqualTo("SERVFAIL");
        assertThat(first.code("example.com", Type.SOA)).isEqualTo("REFUSED");
        assertThat(first.code("example.com", Type.SOA)).isEqualTo("NOERROR");
        assertThat(dns.server(1).queries()).hasSize(4);
        assertThatThrownBy(() -> DnsFault.responseCode("BROKEN")).hasMessageContaining("mnemonic: 'BROKEN'");
    }

    @Test
    void aFaultIsMeantForNamesTypesAndTransports() throws IOException {
        dns.add(DnsRecord.txt(NAME, "x"));
        dns.server(1)
                .inject(DnsFault.serverFailure()
                        .onName("T.example.com")
                        .onType("TXT")
                        .always());
        dns.server(2).inject(DnsFault.truncate().always());
        dns.server(2)
                .inject(DnsFault.serverFailure().onTransport(DnsTransport.TCP).always());

        assertThat(first.code(NAME, Type.A)).isEqualTo("NOERROR");
        assertThat(first.code("example.com", Type.TXT)).isEqualTo("NOERROR");
        assertThat(first.code(NAME, Type.TXT)).isEqualTo("SERVFAIL");
        assertThat(first.code(NAME, Type.TXT)).isEqualTo("SERVFAIL");
        dns.server(1).clearFaults();
        assertThat(first.code(NAME, Type.TXT)).isEqualTo("NOERROR");

        assertThat(second.answers(NAME, Type.TXT))
                .as("cut off by UDP, and whole by TCP")
                .containsExactly("TXT x");
        assertThat(dns.server(2).queries())
                .extracting(DnsQuery::transport)
                .containsExactly(DnsTransport.UDP, DnsTransport.TCP);

        dns.server(2).clearFaults();
        dns.server(2).inject(DnsFault.serverFailure().onTransport(DnsTransport.TCP));
        dns.server(2).inject(DnsFault.truncate());
        assertThat(second.code(NAME, Type.TXT)).isEqualTo("SERVFAIL");
    }

    @Test
    void aDroppedQueryIsRecordedWithoutAnAnswer() throws Exception {
        dns.server(1).inject(DnsFault.drop());

        assertThatThrownBy(() -> DnsLookup.at(dns.address()).impatient().ask("example.com", Type.SOA))
                .isInstanceOf(IOException.class);
        assertThat(dns.awaitQuery("example.com", "SOA", PATIENCE).responseCode())
                .isEqualTo(Optional.empty());
        assertThat(first.code("example.com", Type.SOA)).isEqualTo("NOERROR");
    }

    @Test
    void aHeldAnswerComesWhenItIsReleasedAndHoldsNobodyElse() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        dns.add(DnsRecord.txt(NAME, "then"));
        dns.server(1).inject(DnsFault.heldUntil(release).onName(NAME));
        CompletableFuture<Object> held = CompletableFuture.supplyAsync(() -> {
            try {
                return first.answers(NAME, Type.TXT);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        dns.awaitQuery(NAME, "TXT", PATIENCE);
        dns.set(DnsRecord.txt(NAME, "now"));

        assertThat(DnsLookup.at(dns.address()).answers(NAME, Type.TXT)).containsExactly("TXT now");
        assertThat(held).isNotDone();
        release.complete(null);
        assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo(java.util.List.of("TXT then"));
    }

    @Test
    void aDelayedAnswerComes() throws IOException {
        dns.server(1).inject(DnsFault.delayedBy(Duration.ofMillis(30)));
        long start = System.nanoTime();

        assertThat(first.code("example.com", Type.SOA)).isEqualTo("NOERROR");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void digUnderstandsIt(@TempDir Path folder) throws Exception {
        SystemTool dig = SystemTool.named("dig");
        dns.add(DnsRecord.cname("www.example.com", NAME), DnsRecord.txt(NAME, "0123456789".repeat(200)));
        String port = String.valueOf(dns.address().getPort());

        assertThat(dig.run(folder, "@127.0.0.2", "-p", port, "www.example.com", "TXT"))
                .contains("status: NOERROR", "flags: qr aa rd ra;", "Truncated, retrying in TCP mode", "(TCP)")
                .contains("CNAME\tt.example.com.")
                .doesNotContain("WARNING", "malformed", "extra");
        assertThat(dig.run(folder, "@127.0.0.1", "-p", port, "no.example.com"))
                .contains("status: NXDOMAIN", "AUTHORITY: 1", "EDNS: version: 0");
    }
}
