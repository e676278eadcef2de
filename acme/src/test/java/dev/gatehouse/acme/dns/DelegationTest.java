package dev.gatehouse.acme.dns;

import static dev.gatehouse.acme.dns.SolverFixture.failure;
import static dev.gatehouse.acme.dns.SolverFixture.get;
import static dev.gatehouse.acme.dns.SolverFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.DnsFault;
import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a record goes. */
@Timeout(60)
class DelegationTest {

    private static final String NAME = "_acme-challenge.app.example.com";

    private final SolverFixture fixture = new SolverFixture(TestDns.start("example.com", "example.net"));
    private final TestDns dns = fixture.dns;

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aChainOfAliasesIsFollowedToItsEnd() throws Exception {
        dns.add(
                DnsRecord.cname(NAME, "a.example.net"),
                DnsRecord.cname("a.example.net", "b.example.com"),
                DnsRecord.cname("b.example.com", "App.Validation.example.net"));

        PropagationReport report = get(publish(solver(), "app.example.com", 1).ready());

        assertThat(report.record().name()).isEqualTo("app.validation.example.net");
        assertThat(report.record().domain()).isEqualTo("app.example.com");
        assertThat(report.zone()).isEqualTo("example.net");
    }

    @Test
    void aCircleOfAliasesIsRefusedWithTheWholeChain() throws Exception {
        dns.add(DnsRecord.cname(NAME, "a.example.net"), DnsRecord.cname("a.example.net", NAME));

        assertThat(failure(publish(solver(), "app.example.com", 1).ready()))
                .hasMessage(
                        "app.example.com: its DNS-01 challenge cannot be answered. " + NAME + " -> a.example.net -> "
                                + NAME + ": these aliases (CNAME) lead in a circle. Mend one of them.");
        assertThat(fixture.provider.calls()).isEmpty();
    }

    @Test
    void moreThanTenAliasesAreRefused() throws Exception {
        dns.add(DnsRecord.cname(NAME, "a0.example.net"));
        for (int i = 0; i < 12; i++) {
            dns.add(DnsRecord.cname("a" + i + ".example.net", "a" + (i + 1) + ".example.net"));
        }

        assertThat(failure(publish(solver(), "app.example.com", 1).ready()))
                .hasMessageContaining("these are more than 10 aliases (CNAME) in a row");
    }

    @Test
    void anAliasToANameThatNoRecordShouldHaveIsRefused() throws Exception {
        dns.add(DnsRecord.of(NAME, "CNAME", "\\$\\(reboot\\).example.net."));

        assertThat(failure(publish(solver(), "app.example.com", 1).ready()))
                .hasMessageContaining("is not made of lower-case letters, digits, '-' and '_'");
        assertThat(fixture.provider.calls()).isEmpty();
    }

    @Test
    void aliasesAreNotFollowedIfTheUserSaysSo() throws Exception {
        dns.add(DnsRecord.cname("_acme-challenge.other.example.com", "a.example.net"));

        get(publish(fixture.solver(fixture.settings().recordName("fixed.example.net")), "app.example.com", 1)
                .ready());

        assertThat(fixture.provider.calls()).containsExactly("present fixed.example.net");
    }

    @Test
    void theNameMayBeAZoneOfItsOwn() throws Exception {
        dns.addZone(NAME);

        PropagationReport report = get(publish(solver(), "app.example.com", 1).ready());

        assertThat(report.zone()).isEqualTo(NAME);
    }

    @Test
    void aReferralToOtherServersIsFollowed() throws Exception {
        dns.add(DnsRecord.ns("sub.example.com", "ns.example.net"), DnsRecord.a("ns.example.net", "127.0.0.9"));

        assertThat(failure(publish(
                                fixture.solver(fixture.settings()
                                        .propagation(PropagationCheck.onAuthoritativeServers()
                                                .timeout(Duration.ofMillis(1)))),
                                "app.sub.example.com",
                                1)
                        .ready()))
                .hasMessageContaining(
                        "ns.example.net (127.0.0.9:" + dns.address().getPort() + ")");
    }

    @Test
    void aDomainInNoZoneIsExplained() throws Exception {
        assertThat(failure(publish(solver(), "app.example.invalid", 1).ready()))
                .hasMessageContaining("No resolver could say the SOA records of app.example.invalid (127.0.0.1:"
                        + dns.address().getPort() + " answers REFUSED)");
    }

    @Test
    void ifNoAuthoritativeServerAnswersAResolverIsAskedForTheAlias() throws Exception {
        dns.add(DnsRecord.cname(NAME, "a.example.net"), DnsRecord.a("ns1.example.com", "127.0.0.9"));
        dns.set(DnsRecord.ns("example.com", "ns1.example.com"));
        Dns01 settings = fixture.settings()
                .propagation(
                        PropagationCheck.onServers("127.0.0.1:" + dns.address().getPort()));

        Dns01Publication publication = publish(fixture.solver(settings), "app.example.com", 1);
        fixture.timer.advance(Duration.ofSeconds(2));

        assertThat(get(publication.ready()).record().name()).isEqualTo("a.example.net");
    }

    @Test
    void resolversThatCannotBeReachedAreNamed() throws Exception {
        dns.server(1).inject(DnsFault.drop().always());
        DnsLookup lookup = DnsLookup.byResolvers(List.of(
                        dns.address(),
                        new InetSocketAddress(
                                InetAddress.getByName("127.0.0.8"),
                                dns.address().getPort())))
                .queryTimeout(Duration.ofMillis(200));

        assertThat(failure(publish(fixture.solver(fixture.settings().lookup(lookup)), "app.example.com", 1)
                        .ready()))
                .hasMessageContaining("127.0.0.1:" + dns.address().getPort() + " does not answer, 127.0.0.8:");
    }

    private Dns01Solver solver() {
        return fixture.solver(fixture.settings());
    }
}
