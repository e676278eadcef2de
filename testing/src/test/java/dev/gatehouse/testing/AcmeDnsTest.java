package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;

/** An ACME server that asks DNS. */
@Timeout(60)
class AcmeDnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void dns01IsProvedByQueriesThatFollowAliases() throws Exception {
        try (TestDns dns = TestDns.start("example.com", "delegated.test");
                AcmeTestServer acme = AcmeTestServer.builder()
                        .challenges(AcmeChallenge.DNS_01)
                        .dns(dns)
                        .start();
                Http01Responder unused = new Http01Responder()) {
            Acme4jClient client = Acme4jClient.register(acme, unused);
            dns.add(DnsRecord.cname("_acme-challenge.example.com", "example.delegated.test"));
            Order order = client.order("*.example.com");
            Dns01Challenge challenge = challenge(order);
            dns.add(
                    DnsRecord.txt("example.delegated.test", "of another order"),
                    DnsRecord.txt("example.delegated.test", challenge.getDigest()));
            challenge.trigger();

            assertThat(Acme4jClient.awaitNotPending(order).getStatus()).isEqualTo(Status.READY);
            assertThat(dns.awaitQuery("_acme-challenge.example.com", "TXT", PATIENCE)
                            .responseCode())
                    .contains("NOERROR");
        }
    }

    @Test
    void aFailingDnsServerFailsTheChallengeWithItsReason() throws Exception {
        try (TestDns dns = TestDns.start("example.com");
                AcmeTestServer acme = AcmeTestServer.builder()
                        .challenges(AcmeChallenge.DNS_01)
                        .dns(dns)
                        .start();
                Http01Responder unused = new Http01Responder()) {
            dns.server(1).inject(DnsFault.serverFailure().onType("TXT").always());
            Acme4jClient client = Acme4jClient.register(acme, unused);
            Order order = client.order("app.example.com");
            challenge(order).trigger();

            assertThat(Acme4jClient.awaitNotPending(order).getStatus()).isEqualTo(Status.INVALID);
            Authorization failed = order.getAuthorizations().get(0);
            failed.fetch();
            assertThat(failed.findChallenge(Dns01Challenge.class).orElseThrow().getError())
                    .hasValueSatisfying(problem ->
                            assertThat(problem.getType().toString()).isEqualTo("urn:ietf:params:acme:error:dns"));
        }
    }

    @Test
    void http01GoesToTheAddressThatDnsHas() throws Exception {
        try (TestDns dns = TestDns.start("example.com");
                Http01Responder responder = new Http01Responder();
                AcmeTestServer acme = AcmeTestServer.builder()
                        .http01Port(responder.port())
                        .dns(dns)
                        .start()) {
            dns.add(DnsRecord.cname("www.example.com", "app.example.com"), DnsRecord.a("app.example.com", "127.0.0.1"));
            Acme4jClient client = Acme4jClient.register(acme, responder);

            assertThat(client.issue("www.example.com").getCertificate()).isNotNull();
            assertThat(client.prove(client.order("absent.example.com")).getStatus())
                    .isEqualTo(Status.INVALID);
            assertThat(dns.queries())
                    .extracting(DnsQuery::name, DnsQuery::type)
                    .contains(
                            org.assertj.core.groups.Tuple.tuple("www.example.com", "A"),
                            org.assertj.core.groups.Tuple.tuple("absent.example.com", "AAAA"));
        }
    }

    @Test
    void dnsReplacesTheResolvers() {
        try (TestDns dns = TestDns.start()) {
            assertThatThrownBy(() -> AcmeTestServer.builder()
                            .resolver(NameResolver.loopback())
                            .dns(dns))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("resolver was already set");
        }
    }

    private static Dns01Challenge challenge(Order order) {
        return order.getAuthorizations()
                .get(0)
                .findChallenge(Dns01Challenge.class)
                .orElseThrow();
    }
}
