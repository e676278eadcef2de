package dev.gatehouse.acme.dns;

import static dev.gatehouse.acme.dns.SolverFixture.failure;
import static dev.gatehouse.acme.dns.SolverFixture.get;
import static dev.gatehouse.acme.dns.SolverFixture.publish;
import static dev.gatehouse.acme.dns.SolverFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.LogCapture;
import dev.gatehouse.acme.dns.ServerAnswer.Verdict;
import dev.gatehouse.testing.DnsFault;
import dev.gatehouse.testing.DnsQuery;
import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.DnsTransport;
import dev.gatehouse.testing.TestDns;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All servers of the zone are asked until all of them show the value, and each is quoted. */
@Timeout(60)
class PropagationTest {

    private static final String NAME = "_acme-challenge.app.example.com";
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final SolverFixture fixture =
            new SolverFixture(TestDns.builder().servers(3).zone("example.com").start());
    private final TestDns dns = fixture.dns;
    private final int port = dns.address().getPort();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void oneServerThatIsBehindIsWaitedFor() throws Exception {
        dns.server(3).freeze();
        Dns01Publication publication = publishOne(fixture.settings());

        awaitRounds(3, 1);
        fixture.timer.advance(INTERVAL);
        awaitRounds(3, 2);
        assertThat(publication.ready().toCompletableFuture()).isNotDone();

        dns.server(3).catchUp();
        fixture.timer.advance(INTERVAL);

        PropagationReport report = get(publication.ready());
        assertThat(report.rounds()).isEqualTo(3);
        assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(4));
        assertThat(report.answers()).extracting(ServerAnswer::verdict).containsOnly(Verdict.SHOWS_VALUE);
    }

    @Test
    void atTheTimeOutEachServerIsQuotedAndTheRecordIsRemoved() throws Exception {
        dns.add(DnsRecord.txt(NAME, "the-old-value"));
        dns.server(2).freeze();
        dns.server(3).inject(DnsFault.serverFailure().onType("TXT").always());
        try (LogCapture log = new LogCapture()) {
            Dns01Publication publication = publishOne(fixture.settings());
            passTheTimeOut(publication);

            Throwable failure = failure(publication.ready());
            assertThat(failure)
                    .isInstanceOf(Dns01Exception.class)
                    .hasMessage("app.example.com: after 120 s, 2 of 3 servers of the zone example.com did not show the"
                            + " value of " + NAME + ". Look into the log of the server that fails. They said:"
                            + "\n  ns1.dns.test (127.0.0.1:" + port + ") shows the value"
                            + "\n  ns2.dns.test (127.0.0.2:" + port + ") shows other values only: \"the-old-value\""
                            + "\n  ns3.dns.test (127.0.0.3:" + port + ") fails: SERVFAIL");
            assertThat(((Dns01Exception) failure).report().orElseThrow().missing())
                    .hasSize(2);

            get(publication.withdraw());
            assertThat(fixture.provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
            assertThat(fixture.events).hasAtLeastOneElementOfType(Dns01Event.NotPropagated.class);
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: after 120 s, 2 of 3 servers")
                            && line.contains("ns3.dns.test (127.0.0.3:" + port + ") fails: SERVFAIL"));
        }
    }

    @Test
    void noNameNoRecordAndAnAliasAreToldApart() throws Exception {
        dns.add(DnsRecord.a("_acme-challenge.www.example.com", "127.0.0.1"));
        dns.server(2).freeze();
        assertThat(verdictOfServer2(publish(fixture.solver(brief()), "www.example.com", 1)))
                .isEqualTo(Verdict.NO_RECORD);

        assertThat(verdictOfServer2(publish(fixture.solver(brief()), "app.example.com", 1)))
                .isEqualTo(Verdict.NO_NAME);

        dns.server(2).inject(DnsFault.responseCode("REFUSED").onType("TXT"));
        assertThat(verdictOfServer2(publish(fixture.solver(brief()), "app.example.com", 1)))
                .isEqualTo(Verdict.NOT_AUTHORITATIVE);

        dns.server(2).catchUp();
        dns.add(DnsRecord.cname("_acme-challenge.old.example.com", "elsewhere.example.com"));
        dns.server(2).freeze();
        dns.remove("_acme-challenge.old.example.com", "CNAME");
        assertThat(verdictOfServer2(publish(fixture.solver(brief().withoutFollowingAliases()), "old.example.com", 1)))
                .isEqualTo(Verdict.ALIAS);
    }

    @Test
    void aServerThatDoesNotAnswerIsAskedAgain() throws Exception {
        dns.server(2).inject(DnsFault.drop().onType("TXT"));
        Dns01Publication publication = publishOne(fixture.settings());

        awaitRounds(2, 1);
        fixture.timer.advance(INTERVAL);

        assertThat(get(publication.ready()).rounds()).isEqualTo(2);
    }

    @Test
    void aSilentServerFailsTheCheckUnlessItIsIgnored() throws Exception {
        dns.server(2).inject(DnsFault.drop().onType("TXT").always());

        Dns01Publication strict = publish(fixture.solver(brief()), "app.example.com", 1);
        assertThat(failure(strict.ready()))
                .hasMessageContaining("Mend the silent servers, or let them be ignored by"
                        + " PropagationCheck.ignoringSilentServers().")
                .hasMessageContaining("ns2.dns.test (127.0.0.2:" + port + ") does not answer");

        try (LogCapture log = new LogCapture()) {
            Dns01Publication lenient = publish(
                    fixture.solver(fixture.settings()
                            .propagation(PropagationCheck.onAuthoritativeServers()
                                    .timeout(Duration.ofMillis(1))
                                    .ignoringSilentServers())),
                    "app.example.com",
                    2);
            get(lenient.ready());
            assertThat(log.lines())
                    .contains("WARN " + NAME + ": 1 silent of 3 name servers are ignored, as configured: ns2.dns.test"
                            + " (127.0.0.2:" + port + ") does not answer. Mend them or remove their NS records.");
        }
    }

    @Test
    void anAddressThatCannotBeReachedDoesNotMatterIfItsServerShowsTheValueElsewhere() throws Exception {
        dns.add(DnsRecord.aaaa("ns2.dns.test", "2001:db8::1"));

        PropagationReport report = get(publishOne(fixture.settings()).ready());

        assertThat(report.isComplete()).isTrue();
        assertThat(report.answers())
                .hasSize(4)
                .anyMatch(answer -> answer.server().equals("ns2.dns.test")
                        && answer.address().equals("[2001:db8:0:0:0:0:0:1]:" + port)
                        && answer.verdict().isSilent());
    }

    @Test
    void aServerWithoutAnAddressIsNamed() throws Exception {
        dns.add(DnsRecord.ns("example.com", "ns9.example.com"));

        assertThat(failure(
                        publish(fixture.solver(brief()), "app.example.com", 1).ready()))
                .hasMessageContaining("\n  ns9.example.com cannot be reached: no address was found for it");
    }

    @Test
    void whatDoesNotFitIntoADatagramIsAskedForByTcp() throws Exception {
        for (int i = 0; i < 40; i++) {
            dns.add(DnsRecord.txt(NAME, "other-" + i + "-" + "x".repeat(40)));
        }

        PropagationReport report = get(publishOne(fixture.settings()).ready());

        assertThat(report.answers().get(0).values()).hasSize(10).contains(value(1));
        assertThat(dns.queries())
                .filteredOn(query -> query.type().equals("TXT") && query.transport() == DnsTransport.TCP)
                .hasSize(3);
    }

    @Test
    void zonesAndServersAreRememberedForAMinute() throws Exception {
        Dns01Solver solver = fixture.solver(fixture.settings());
        get(publish(solver, "app.example.com", 1).ready());
        long first = lookups();
        get(publish(solver, "app.example.com", 2).ready());
        assertThat(lookups()).isEqualTo(first);

        fixture.timer.advanceNow(Duration.ofSeconds(61));
        get(publish(solver, "app.example.com", 3).ready());
        assertThat(lookups()).isGreaterThan(first);
    }

    @Test
    void failedLookUpsAreNotRemembered() throws Exception {
        dns.server(1).inject(DnsFault.serverFailure().onType("NS").times(2));
        Dns01Solver solver = fixture.solver(fixture.settings());

        assertThat(failure(publish(solver, "app.example.com", 1).ready()))
                .hasMessage(
                        "app.example.com: its DNS-01 challenge cannot be answered. No resolver could say the NS records"
                                + " of example.com (127.0.0.1:" + port
                                + " answers SERVFAIL). Check the resolvers and the network,"
                                + " or name others by DnsLookup.");
        get(publish(solver, "app.example.com", 1).ready());
    }

    @Test
    void theNextResolverIsAskedIfOneFails() throws Exception {
        dns.server(1).inject(DnsFault.drop().onType("NS").always());
        DnsLookup lookup = DnsLookup.byResolvers(
                        List.of(dns.server(1).address(), dns.server(2).address()))
                .authoritativePort(port)
                .queryTimeout(Duration.ofMillis(300));

        get(publishOne(fixture.settings().lookup(lookup)).ready());
    }

    @Test
    void certainServersAreAskedInPlaceOfTheAuthoritativeOnes() throws Exception {
        Dns01 settings = fixture.settings()
                .withoutFollowingAliases()
                .propagation(PropagationCheck.onServers("127.0.0.2:" + port, "127.0.0.3:" + port));
        Dns01Publication publication = publishOne(settings);
        await().until(() -> fixture.timer.pending() == 1);
        assertThat(dns.queries())
                .as("a resolver that is asked too early remembers the absence")
                .isEmpty();

        fixture.timer.advance(INTERVAL);

        PropagationReport report = get(publication.ready());
        assertThat(report.answers())
                .extracting(ServerAnswer::toString)
                .containsExactly("127.0.0.2:" + port + " shows the value", "127.0.0.3:" + port + " shows the value");
        assertThat(dns.queries()).extracting(DnsQuery::type).containsOnly("TXT");
    }

    @Test
    void nobodyIsAskedIfNothingIsToBeChecked() throws Exception {
        Dns01 settings = fixture.settings().withoutFollowingAliases().propagation(PropagationCheck.none());

        assertThat(get(publishOne(settings).ready()).answers()).isEmpty();
        assertThat(dns.queries()).isEmpty();
    }

    private Dns01Publication publishOne(Dns01 settings) {
        return publish(fixture.solver(settings), "app.example.com", 1);
    }

    /** Settings with which the first round is the last one. */
    private Dns01 brief() {
        return fixture.settings()
                .propagation(PropagationCheck.onAuthoritativeServers().timeout(Duration.ofMillis(1)));
    }

    private static Verdict verdictOfServer2(Dns01Publication publication) throws Exception {
        Dns01Exception failure = (Dns01Exception) failure(publication.ready());
        get(publication.withdraw());
        return failure.report().orElseThrow().answers().get(1).verdict();
    }

    private void awaitRounds(int server, int rounds) throws Exception {
        dns.awaitQueries(
                query -> query.server() == server && query.type().equals("TXT"), rounds, Duration.ofSeconds(10));
    }

    private void passTheTimeOut(Dns01Publication publication) {
        while (!publication.ready().toCompletableFuture().isDone()) {
            fixture.timer.advance(INTERVAL);
            await().until(() -> publication.ready().toCompletableFuture().isDone() || fixture.timer.pending() > 0);
        }
    }

    private long lookups() {
        return dns.queries().stream()
                .filter(query -> query.type().equals("NS") || query.type().equals("A"))
                .count();
    }
}
