package dev.gatehouse.acme.dns;

import static dev.gatehouse.acme.dns.SolverFixture.failure;
import static dev.gatehouse.acme.dns.SolverFixture.get;
import static dev.gatehouse.acme.dns.SolverFixture.publish;
import static dev.gatehouse.acme.dns.SolverFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.LogCapture;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import dev.gatehouse.testing.DnsFault;
import dev.gatehouse.testing.DnsQuery;
import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a record, with everything that can go wrong in it. */
@Timeout(60)
class Dns01SolverTest {

    private static final String NAME = "_acme-challenge.app.example.com";

    private final SolverFixture fixture = new SolverFixture(TestDns.start("example.com", "example.net"));
    private final TestDns dns = fixture.dns;
    private final FakeDnsProvider provider = fixture.provider;

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aRecordIsPresentedSeenHandedOverAndRemoved() throws Exception {
        try (LogCapture log = new LogCapture()) {
            Dns01Publication publication = publish(fixture.solver(fixture.settings()), "*.App.example.com", 1);

            PropagationReport report = get(publication.ready());

            assertThat(report.isComplete()).isTrue();
            assertThat(report.zone()).isEqualTo("example.com");
            assertThat(publication.record().orElseThrow())
                    .returns(NAME, ChallengeRecord::name)
                    .returns("app.example.com", ChallengeRecord::domain)
                    .returns(value(1), ChallengeRecord::value);
            assertThat(fixture.journal.entries()).hasSize(1);

            get(publication.withdraw());

            assertThat(provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
            assertThat(fixture.journal.entries()).isEmpty();
            assertThat(fixture.events)
                    .hasExactlyElementsOfTypes(
                            Dns01Event.Presented.class, Dns01Event.Propagated.class, Dns01Event.Removed.class);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO " + NAME + " TXT \"" + value(1) + "\": presented by fake for app.example.com",
                            "INFO " + NAME + " TXT \"" + value(1) + "\": shown by 1 of 1 name servers after 0 s",
                            "INFO " + NAME + " TXT \"" + value(1) + "\": removed by fake");
        }
    }

    @Test
    void aWildcardAndItsDomainHaveTwoValuesUnderOneName() throws Exception {
        Dns01Solver solver = fixture.solver(fixture.settings());
        Dns01Publication wildcard = publish(solver, "*.app.example.com", 1);
        Dns01Publication domain = publish(solver, "app.example.com", 2);
        get(wildcard.ready());
        get(domain.ready());

        get(wildcard.withdraw());

        Dns01Publication third = publish(solver, "app.example.com", 3);
        assertThat(get(third.ready()).answers().get(0).values()).containsExactlyInAnyOrder(value(2), value(3));
    }

    @Test
    void ordersThatShareARecordKeepItUntilTheLastIsDone() throws Exception {
        Dns01Solver solver = fixture.solver(fixture.settings());
        Dns01Publication first = publish(solver, "app.example.com", 1);
        Dns01Publication second = publish(solver, "app.example.com", 1);
        get(first.ready());
        get(second.ready());

        get(first.withdraw());
        assertThat(provider.calls()).doesNotContain("remove " + NAME);

        get(second.withdraw());
        assertThat(provider.calls()).containsOnlyOnce("remove " + NAME);
    }

    @Test
    void callsForOneNameComeOneAfterTheOther() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        provider.nextPresent(() -> requireReleased(release));
        Dns01Solver solver = fixture.solver(fixture.settings());
        Dns01Publication slow = publish(solver, "app.example.com", 1);
        await().until(() -> provider.calls().size() == 1);

        Dns01Publication next = publish(solver, "app.example.com", 2);
        Dns01Publication other = publish(solver, "other.example.com", 3);
        get(other.ready());

        assertThat(provider.calls()).containsExactly("present " + NAME, "present _acme-challenge.other.example.com");
        release.countDown();
        get(slow.ready());
        get(next.ready());
    }

    @Test
    void extraWaitIsWaitedForAfterAllHaveShownIt() throws Exception {
        Dns01Publication publication = publish(
                fixture.solver(fixture.settings()
                        .propagation(PropagationCheck.onAuthoritativeServers().extraWait(Duration.ofSeconds(30)))),
                "app.example.com",
                1);

        fixture.timer.advance(Duration.ofSeconds(29));
        assertThat(publication.ready().toCompletableFuture()).isNotDone();
        fixture.timer.advance(Duration.ofSeconds(1));
        get(publication.ready());
    }

    @Test
    void whatMayPassIsPresentedAgainWhenTheProviderWants() throws Exception {
        provider.nextPresent(
                        DnsProviderException.of(Reason.RATE_LIMIT, "Too many.").retryAfter(Duration.ofSeconds(40)))
                .nextPresent(DnsProviderException.unavailable("Out of order.", null));
        Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);

        fixture.timer.advance(Duration.ofSeconds(39));
        assertThat(provider.calls()).hasSize(1);
        fixture.timer.advance(Duration.ofSeconds(2));
        await().until(() -> provider.calls().size() == 2);
        fixture.timer.advance(Duration.ofSeconds(3));

        get(publication.ready());
        assertThat(fixture.events)
                .filteredOn(Dns01Event.PresentRetried.class::isInstance)
                .hasSize(2);
    }

    @Test
    void whatDoesNotPassFailsAtOnceAndIsStillRemoved() throws Exception {
        provider.nextPresent(DnsProviderException.of(Reason.CREDENTIALS, "The token is wrong. Make another."));
        try (LogCapture log = new LogCapture()) {
            Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);

            assertThat(failure(publication.ready()))
                    .isInstanceOf(Dns01Exception.class)
                    .hasMessage(
                            "app.example.com: its DNS-01 challenge cannot be answered. The token is wrong. Make another.")
                    .returns(Dns01Exception.Step.PRESENT, failure -> ((Dns01Exception) failure).step());
            get(publication.withdraw());

            assertThat(provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
            assertThat(log.lines())
                    .contains("WARN app.example.com: its DNS-01 challenge cannot be answered."
                            + " The token is wrong. Make another.");
        }
    }

    @Test
    void aWaitBeyondTheTimeOutIsHandedOnToTheCaller() throws Exception {
        provider.nextPresent(
                DnsProviderException.of(Reason.RATE_LIMIT, "Too many.").retryAfter(Duration.ofMinutes(10)));

        Throwable failure = failure(publish(fixture.solver(fixture.settings()), "app.example.com", 1)
                .ready());

        assertThat(((Dns01Exception) failure).retryAfter()).contains(Duration.ofMinutes(10));
    }

    @Test
    void aWithdrawalWhileThePresentCallRunsComesAfterIt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        provider.nextPresent(() -> requireReleased(release));
        Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);
        await().until(() -> provider.calls().size() == 1);

        var gone = publication.withdraw();
        assertThat(failure(publication.ready())).isInstanceOf(CancellationException.class);
        release.countDown();
        get(gone);

        assertThat(provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
        assertThat(fixture.journal.entries()).isEmpty();
        assertThat(dns.queries()).extracting(DnsQuery::type).doesNotContain("TXT");
    }

    @Test
    void aWithdrawalBetweenTwoAttemptsEndsThem() throws Exception {
        provider.nextPresent(DnsProviderException.unavailable("Out of order.", null));
        Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);
        await().until(() -> fixture.timer.pending() == 1);

        get(publication.withdraw());
        fixture.timer.advance(Duration.ofMinutes(1));
        fixture.awaitIdle();

        assertThat(provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
    }

    @Test
    void aWithdrawalBeforeTheNameIsKnownPresentsNothing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        dns.server(1).inject(DnsFault.heldUntil(CompletableFuture.runAsync(() -> isReleased(release))));
        Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);

        get(publication.withdraw());
        release.countDown();
        await().until(() -> publication.record().isPresent());
        fixture.awaitIdle();

        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void aRemovalIsTriedAgainInTimeOfItsOwnAndThenLeftToTheJournal() throws Exception {
        for (int i = 0; i < 30; i++) {
            provider.nextRemove(DnsProviderException.unavailable("Out of order.", null));
        }
        try (LogCapture log = new LogCapture()) {
            Dns01Solver solver = fixture.solver(fixture.settings().cleanUpTimeout(Duration.ofMinutes(30)));
            Dns01Publication publication = publish(solver, "app.example.com", 1);
            get(publication.ready());

            var gone = publication.withdraw();
            while (!gone.toCompletableFuture().isDone()) {
                int calls = provider.calls().size();
                fixture.timer.advance(Duration.ofMinutes(12));
                await().until(() -> provider.calls().size() > calls);
                await().until(() -> gone.toCompletableFuture().isDone() || fixture.timer.pending() == 1);
            }

            assertThat(fixture.events)
                    .filteredOn(Dns01Event.RemovalAbandoned.class::isInstance)
                    .singleElement()
                    .returns("Out of order.", event -> ((Dns01Event.RemovalAbandoned) event).reason());
            assertThat(log.lines().get(log.lines().size() - 1))
                    .isEqualTo("WARN " + NAME + " TXT \"" + value(1) + "\": is left in DNS, harmless but untidy."
                            + " Out of order. Remove it by hand, or have leftovers removed.");
            assertThat(fixture.journal.entries()).hasSize(1);
        }
    }

    @Test
    void leftoversOfACrashedRunAreRemovedByTheNextOne() throws Exception {
        Dns01Publication crashed = publish(fixture.solver(fixture.settings()), "app.example.com", 1);
        get(crashed.ready());
        Dns01Solver next = fixture.solver(fixture.settings());
        Dns01Publication running = publish(next, "www.example.com", 2);
        get(running.ready());

        assertThat(get(next.removeLeftovers(Duration.ofHours(1)))).isZero();
        fixture.timer.advanceNow(Duration.ofHours(2));
        assertThat(get(next.removeLeftovers(Duration.ofHours(1)))).isOne();

        assertThat(provider.calls()).endsWith("remove " + NAME);
        assertThat(fixture.journal.entries())
                .extracting(ChallengeJournal.Entry::record)
                .containsExactly(running.record().orElseThrow());
    }

    @Test
    void aFailingListenerOrJournalDisturbsNothing() throws Exception {
        Dns01Solver solver = Dns01Solver.builder(fixture.settings())
                .worker(fixture.worker)
                .timer(fixture.timer)
                .clock(fixture.clock)
                .journal(ChallengeJournal.in(Path.of("/dev/null/journal")))
                .listener(event -> {
                    throw new IllegalStateException("listener");
                })
                .build();
        try (LogCapture log = new LogCapture()) {
            Dns01Publication publication = publish(solver, "app.example.com", 1);
            get(publication.ready());
            get(publication.withdraw());

            assertThat(log.lines()).anyMatch(line -> line.contains("not in the journal"));
            assertThat(provider.calls()).containsExactly("present " + NAME, "remove " + NAME);
        }
    }

    @Test
    void aFaultOfTheProviderIsSaidToBeOne() throws Exception {
        provider.nextPresent(() -> {
            throw new IllegalStateException("bug");
        });

        assertThat(failure(publish(fixture.solver(fixture.settings()), "app.example.com", 1)
                        .ready()))
                .hasMessageContaining("java.lang.IllegalStateException: bug. This is a fault of the DNS provider");
    }

    @Test
    void theLongestZoneChoosesTheProvider() throws Exception {
        FakeDnsProvider ofNet = new FakeDnsProvider(dns);
        Dns01 settings = fixture.settings().forZone("example.net", ofNet).forZone("net", provider);
        Dns01Solver solver = fixture.solver(settings);

        get(publish(solver, "app.example.com", 1).ready());
        get(publish(solver, "app.example.net", 2).ready());

        assertThat(provider.calls()).containsExactly("present " + NAME);
        assertThat(ofNet.calls()).containsExactly("present _acme-challenge.app.example.net");
        assertThatThrownBy(() -> settings.forZone("Example.NET.", ofNet))
                .hasMessage("Zone 'example.net' has a DNS provider already. Name one for it.");
    }

    @Test
    void addressesAreRefused() {
        assertThatThrownBy(() -> publish(fixture.solver(fixture.settings()), "192.0.2.1", 1))
                .hasMessage("192.0.2.1: DNS-01 does not validate IP addresses."
                        + " Use http-01 or tls-alpn-01 for it (RFC 8738).");
    }

    @Test
    void aClosedSolverTakesNothing() {
        Dns01Solver solver = fixture.solver(fixture.settings());
        solver.close();

        assertThatThrownBy(() -> publish(solver, "app.example.com", 1)).hasMessageContaining("is closed");
    }

    @Test
    void closingSaysWhatIsLeft() throws Exception {
        provider.nextRemove(DnsProviderException.unavailable("Out of order.", null));
        Dns01Solver solver = fixture.solver(fixture.settings());
        Dns01Publication publication = publish(solver, "app.example.com", 1);
        get(publication.ready());
        publication.withdraw();
        await().until(() -> fixture.timer.pending() == 1);

        try (LogCapture log = new LogCapture()) {
            solver.close();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN 1 TXT records of DNS-01 challenges are left");
        }
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> fixture.settings().withoutFollowingAliases().recordName("a.example.net"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fixture.settings().recordName("a.example.net").withoutFollowingAliases())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Dns01Solver.builder(fixture.settings())
                        .worker(fixture.worker)
                        .worker(fixture.worker))
                .hasMessage("The worker of the DNS-01 solver is set twice. Set it once.");
        assertThatThrownBy(() -> Dns01Solver.builder(fixture.settings()).build())
                .hasMessage("The DNS-01 solver has no worker. Set it before build().");
    }

    @Test
    void aTokenThatIsNoneGoesNowhere() throws Exception {
        Dns01Publication publication =
                fixture.solver(fixture.settings()).publish("app.example.com", "$(reboot)", "$(reboot).thumbprint");

        assertThat(failure(publication.ready()))
                .hasMessageEndingWith("is not base64url text; the certificate authority must be mended.");
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void theRecordsOfADomainThatStandsForAnotherAreFound() throws Exception {
        dns.add(DnsRecord.cname(NAME, "app.challenges.example.net"));

        Dns01Publication publication = publish(fixture.solver(fixture.settings()), "app.example.com", 1);

        assertThat(get(publication.ready()).zone()).isEqualTo("example.net");
        assertThat(provider.calls()).containsExactly("present app.challenges.example.net");
    }

    private static void requireReleased(CountDownLatch latch) throws DnsProviderException {
        if (!isReleased(latch)) {
            throw DnsProviderException.unavailable("Not released.", null);
        }
    }

    private static boolean isReleased(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            return false;
        }
    }
}
