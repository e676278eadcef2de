package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.dns.DnsLookup;
import dev.gatehouse.acme.dns.DnsProvider;
import dev.gatehouse.acme.dns.PropagationCheck;
import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeFault;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which challenge is answered, what happens when it fails, and what is left of it. */
@Timeout(120)
class ChallengesTest {

    private final TestDns dns = TestDns.start("example.com");
    private final AcmeTestServer acme = AcmeTestServer.builder()
            .txtResolver(name -> zoneWriter().texts(name))
            .challenges(AcmeChallenge.HTTP_01, AcmeChallenge.DNS_01)
            .http01Port(1)
            .retryAfter(Duration.ZERO)
            .start();
    private final List<CertificateEvent> events = new CopyOnWriteArrayList<>();
    private final List<CertificateManager> managers = new ArrayList<>();
    private final ZoneWriter zone = new ZoneWriter();
    private volatile IssuanceContext lent;

    @TempDir
    private Path folder;

    /** Writes into the test's DNS. */
    private class ZoneWriter implements DnsProvider {

        private final List<ChallengeRecord> records = new CopyOnWriteArrayList<>();
        private final AtomicInteger mostAtOnce = new AtomicInteger();

        @Override
        public void present(ChallengeRecord record) {
            records.add(record);
            mostAtOnce.accumulateAndGet(records.size(), Math::max);
            dns.add(DnsRecord.txt(record.name(), record.value()));
        }

        @Override
        public void remove(ChallengeRecord record) {
            records.removeIf(present -> present.toString().equals(record.toString()));
            dns.remove(DnsRecord.txt(record.name(), record.value()));
        }

        List<String> texts(String name) {
            return records.stream()
                    .filter(record -> record.name().equals(name))
                    .map(ChallengeRecord::value)
                    .toList();
        }

        boolean isEmpty() {
            return records.isEmpty();
        }
    }

    private ZoneWriter zoneWriter() {
        return zone;
    }

    /** Orders certificates for several names, whatever name is asked for. */
    private final class ForAll implements Issuer {

        private final Issuer issuer;
        private final List<SubjectName> names;

        ForAll(Issuer issuer, List<SubjectName> names) {
            this.issuer = issuer;
            this.names = names;
        }

        @Override
        public String identity() {
            return issuer.identity();
        }

        @Override
        public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
            lent = context;
            return issuer.issue(IssuanceRequest.of(request.subject(), names.toArray(SubjectName[]::new)), context);
        }
    }

    @AfterEach
    void stop() {
        managers.forEach(CertificateManager::close);
        acme.close();
        dns.close();
    }

    @Test
    void theNextTypeIsTriedInAnotherOrderAndComesFirstTheNextTime() {
        CertificateManager manager = keep(builder(new ForAll(issuer(), List.of()))
                .dns01(dns01())
                .challenges(ChallengeType.HTTP_01, ChallengeType.DNS_01));
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager, "app.example.com")).isPresent();

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("INFO app.example.com: The http-01 challenge failed,")
                            .contains("port 80"));
        }
        assertThat(acme.orders()).hasSize(2);
        assertThat(published()).containsExactly("http-01", "dns-01");
        await().until(zone::isEmpty);
        assertThat(lent.challenges()
                        .choose(ServerName.of("app.example.com"), EnumSet.allOf(ChallengeType.class))
                        .possible())
                .containsExactly(ChallengeType.DNS_01, ChallengeType.HTTP_01);
    }

    @Test
    void everyOrderAndEveryFailedValidationOnTheWayCountsTowardsTheLimitsOfTheAuthority() {
        CaLimits limits = CaLimits.none()
                .ordersPerAccount(RateLimit.of(300, Duration.ofHours(3)))
                .failedValidationsPerName(RateLimit.of(5, Duration.ofHours(1)));
        CertificateManager manager = keep(builder(issuer().limits(limits))
                .dns01(dns01())
                .challenges(ChallengeType.HTTP_01, ChallengeType.DNS_01));

        assertThat(resolve(manager, "app.example.com")).isPresent();

        assertThat(manager.forecast(ServerName.of("app.example.com"))
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .contains("2 of 300 orders")
                .contains("1 of 5 failed validations");
    }

    @Test
    void aSingleNameBelowAZoneWithADnsProviderIsCoveredByItsWildcard() {
        CertificateManager manager = keep(CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer())
                .dns01(dns01())
                .coverWithWildcard("example.com")
                .manage("app.example.com", "shop.example.com"));

        assertThat(resolve(manager, "app.example.com").orElseThrow().coverage().toString())
                .isEqualTo("*.example.com");
        assertThat(resolve(manager, "shop.example.com")).isPresent();
        assertThat(acme.orders()).hasSize(1);
    }

    @Test
    void whatCannotBePublishedMakesWayForTheNextTypeWithinTheOrder() throws Exception {
        try (AcmeFixture fixture = new AcmeFixture()) {
            CertificateManager manager = keep(CertificateManager.builder()
                    .storage(FileStorage.at(folder))
                    .issuer(fixture.issuer())
                    .onDemand(permitted())
                    .listener(events::add)
                    .dns01(Dns01.using(new ZoneWriter() {
                                @Override
                                public void present(ChallengeRecord record) {
                                    throw new IllegalStateException("The zone is not ours.");
                                }
                            })
                            .lookup(lookup())));
            fixture.answering(manager);

            assertThat(resolve(manager, "app.elsewhere.test")).isPresent();

            assertThat(fixture.acme.orders()).hasSize(1);
        }
    }

    @Test
    void aFailureNamesEachTypeWithWhatHappened() {
        CertificateManager manager =
                keep(builder().dns01(dns01()).challenges(ChallengeType.HTTP_01, ChallengeType.DNS_01));
        acme.inject(AcmeFault.refusedChallenge("connection", "first"));
        acme.inject(AcmeFault.refusedChallenge("dns", "second"));

        assertThat(refusal(manager, "app.example.com"))
                .contains("The http-01 challenge failed, the certificate authority says connection: first")
                .contains("The dns-01 challenge failed, the certificate authority says dns: second")
                .contains("The tls-alpn-01 challenge is not used: challenges(…) does not name it.");
        assertThat(acme.orders()).hasSize(2);
    }

    @Test
    void aRefusalThatNoOtherTypeCanMendIsFinal() {
        CertificateManager manager =
                keep(builder().dns01(dns01()).challenges(ChallengeType.HTTP_01, ChallengeType.DNS_01));
        acme.inject(AcmeFault.refusedChallenge("caa", "CAA forbids it"));

        assertThat(refusal(manager, "app.example.com")).contains("CAA forbids it");
        assertThat(acme.orders()).hasSize(1);
    }

    @Test
    void aWildcardNameWithoutADnsProviderIsRefusedWithTheReasonsAndItsAuthorizationIsGivenUp() {
        CertificateManager manager = keep(builder(new ForAll(issuer(), List.of(WildcardName.of("*.example.com")))));

        assertThat(refusal(manager, "app.example.com"))
                .contains("*.example.com: No challenge can be answered.")
                .contains("The http-01 challenge is not used: it cannot validate wildcard names.")
                .contains("The dns-01 challenge is not used: no DNS provider is set, see dns01(…).");
        assertThat(acme.exchanges(AcmeResource.AUTHORIZATION))
                .anySatisfy(exchange ->
                        assertThat(String.valueOf(exchange.payload())).contains("deactivated"));
    }

    @Test
    void aWildcardAndItsParentAreValidatedSideBySide() {
        CertificateManager manager = keep(
                builder(new ForAll(issuer(), List.of(ServerName.of("example.com"), WildcardName.of("*.example.com"))))
                        .dns01(dns01()));

        Credential issued = resolve(manager, "example.com").orElseThrow();

        assertThat(issued.coverage().covers(ServerName.of("any.example.com"))).isTrue();
        await().untilAsserted(() -> assertThat(events)
                .contains(
                        new CertificateEvent.ChallengeValidated(ServerName.of("example.com"), "dns-01"),
                        new CertificateEvent.ChallengeValidated(WildcardName.of("*.example.com"), "dns-01")));
        await().until(zone::isEmpty);
    }

    @Test
    void manyAuthorizationsAreAnsweredAtOnce() throws Exception {
        List<SubjectName> names = IntStream.range(0, 60)
                .<SubjectName>mapToObj(i -> ServerName.of("name-" + i + ".example.com"))
                .toList();
        CertificateManager manager = keep(builder(new ForAll(issuer(), names)).dns01(dns01()));

        Credential issued = resolve(manager, "name-0.example.com").orElseThrow();

        assertThat(names).allMatch(name -> issued.coverage().covers((ServerName) name));
        assertThat(zone.mostAtOnce.get()).isBetween(5, 40);
        assertThat(acme.orders()).hasSize(1);
        await().until(() -> events.stream()
                        .filter(CertificateEvent.ChallengeValidated.class::isInstance)
                        .count()
                == 60);
    }

    @Test
    void closingTakesBackWhatIsPublished() {
        CertificateManager manager = keep(builder().dns01(dns01()).closeGrace(Duration.ZERO));
        acme.inject(AcmeFault.heldUntil(new CompletableFuture<>()).on(AcmeResource.CHALLENGE));
        var handshake = ManagerFixture.start(manager, "app.example.com");
        await().until(() -> !zone.isEmpty());

        manager.close();

        assertThat(zone.isEmpty()).isTrue();
        assertThat(handshake).isCompletedExceptionally();
    }

    @Test
    void anotherNodeRemovesWhatACrashHasLeftInDns() {
        ManualTime time = new ManualTime();
        Dns01 unchecked = Dns01.using(zone).withoutFollowingAliases().propagation(PropagationCheck.none());
        CertificateManager crashed =
                keep(timed(time, new ForAll(issuer(), List.of())).dns01(unchecked));
        acme.inject(AcmeFault.heldUntil(new CompletableFuture<>()).on(AcmeResource.CHALLENGE));
        var unused = ManagerFixture.start(crashed, "app.example.com");
        await().until(() -> !zone.isEmpty());
        time.advance(Duration.ofHours(2));
        assertThat(zone.isEmpty()).isFalse();

        keep(timed(time, issuer()).dns01(unchecked));
        time.advance(Duration.ofMinutes(2));

        await().until(zone::isEmpty);
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> builder().challenges(ChallengeType.DNS_01).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no DNS provider is set");
        assertThatThrownBy(() -> builder()
                        .dns01(dns01())
                        .challenges(ChallengeType.HTTP_01)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not name dns-01");
        assertThatThrownBy(() -> builder().challenges(ChallengeType.HTTP_01, ChallengeType.HTTP_01))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http-01 is named twice");
        assertThatThrownBy(() -> builder().challenges(ChallengeType.HTTP_01).challenges(ChallengeType.TLS_ALPN_01))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already set to [http-01]");
        assertThatThrownBy(() -> builder().challenges()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().dns01(dns01()).dns01(dns01())).isInstanceOf(IllegalStateException.class);
    }

    private List<String> published() {
        return events.stream()
                .filter(CertificateEvent.ChallengePublished.class::isInstance)
                .map(event -> ((CertificateEvent.ChallengePublished) event).challengeType())
                .toList();
    }

    private AcmeIssuer issuer() {
        return AcmeIssuer.directory(acme.directoryUri()).agreeToTermsOfService();
    }

    private static OnDemand permitted() {
        return ManagerFixture.unlimited(OnDemand.permittedBy(name -> true));
    }

    private DnsLookup lookup() {
        return DnsLookup.byResolvers(List.of(dns.address()))
                .authoritativePort(dns.address().getPort())
                .queryTimeout(Duration.ofMillis(500));
    }

    private Dns01 dns01() {
        return Dns01.using(zone).lookup(lookup());
    }

    private CertificateManagerBuilder builder() {
        return builder(issuer());
    }

    private CertificateManagerBuilder builder(Issuer issuer) {
        return CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(issuer)
                .onDemand(permitted())
                .listener(events::add);
    }

    private CertificateManagerBuilder timed(ManualTime time, Issuer issuer) {
        return CertificateManager.builder()
                .storage(FileStorage.builder(folder).clock(time).open())
                .issuer(issuer)
                .onDemand(permitted())
                .clock(time)
                .alarms(time);
    }

    private CertificateManager keep(CertificateManagerBuilder builder) {
        CertificateManager manager = builder.build();
        managers.add(manager);
        return manager;
    }
}
