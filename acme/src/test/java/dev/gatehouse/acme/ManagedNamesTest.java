package dev.gatehouse.acme;

import static dev.gatehouse.acme.RenewalFixture.status;
import static dev.gatehouse.acme.RenewalFixture.visit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.CertificateStatus.State;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.KeyType;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that the configuration asks certificates for. */
@Timeout(60)
class ManagedNamesTest {

    private final RenewalFixture fixture = new RenewalFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theyAreIssuedWithoutAVisitorAndNobodyIsAsked() {
        CertificateManager manager = fixture.start(
                fixture.builder().manage("example.com", "www.example.com").onDemand(OnDemand.permittedBy(name -> {
                    throw new AssertionError("asked for " + name);
                })));

        assertThat(fixture.authority.orders)
                .extracting(IssuanceRequest::toString)
                .containsExactlyInAnyOrder("example.com", "www.example.com");
        assertThat(visit(manager, "www.example.com")).isPresent();
        assertThat(visit(manager, "www.example.com").orElseThrow().coverage().exactNames())
                .containsExactly(ServerName.of("www.example.com"));
    }

    @Test
    void aRestartOrdersNothing() {
        fixture.managing("example.com", "www.example.com").close();

        CertificateManager restarted = fixture.managing("example.com", "www.example.com");
        fixture.pass(Duration.ofDays(1));

        assertThat(visit(restarted, "example.com")).isPresent();
        assertThat(status(restarted, "www.example.com").state()).isEqualTo(State.VALID);
        assertThat(fixture.authority.orders).hasSize(2);
    }

    @Test
    void withoutAPolicyOtherNamesAreNotServed() {
        CertificateManager manager = fixture.managing("example.com");

        assertThat(visit(manager, "other.example.com")).isEmpty();
        assertThat(manager.status(ServerName.of("other.example.com"))).isEmpty();
        assertThat(fixture.authority.orders).hasSize(1);
    }

    @Test
    void theyComeAndGoAtRunTime() {
        CertificateManager manager = fixture.managing();

        assertThat(manager.manage("example.com").toCompletableFuture())
                .isCompletedWithValueMatching(
                        statuses -> statuses.get(0).state() == State.VALID, "with a valid certificate");
        assertThat(manager.manage("EXAMPLE.com").toCompletableFuture()).isCompleted();
        assertThat(fixture.authority.orders).hasSize(1);

        manager.unmanage("example.com", "never.example.com");
        fixture.pass(Duration.ofDays(80));

        assertThat(visit(manager, "example.com")).isEmpty();
        assertThat(manager.statuses(10)).isEmpty();
        assertThat(fixture.authority.orders).hasSize(1);
        assertThat(fixture.storage.has(RecordKey.certificate(ServerName.of("example.com"))))
                .isTrue();
    }

    @Test
    void contradictionsAreRefusedAsAWholeAndChangeNothing() {
        CertificateManager manager =
                fixture.start(fixture.builder().manage(ManagedCertificate.of("example.com", "www.example.com")));
        int orders = fixture.authority.orders.size();

        assertThatThrownBy(() -> manager.manage("new.example.com", "www.example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "www.example.com: managed already, in the certificate for example.com, www.example.com, and"
                                + " cannot be in the one for www.example.com as well. Manage it once, or unmanage the other first.");
        assertThatThrownBy(() -> manager.unmanage("www.example.com"))
                .hasMessage(
                        "www.example.com: its certificate is for example.com, www.example.com. Unmanage all of them, and"
                                + " manage those that stay.");

        fixture.pass(Duration.ofDays(1));
        assertThat(fixture.authority.orders).hasSize(orders);
        assertThat(manager.status(ServerName.of("new.example.com"))).isEmpty();
        assertThat(visit(manager, "www.example.com")).isPresent();
        assertThatThrownBy(() -> fixture.builder()
                        .manage("a.example.com")
                        .manage(ManagedCertificate.of("a.example.com", "b.example.com"))
                        .build())
                .hasMessageStartingWith("a.example.com: managed already");
    }

    @Test
    void aCertificateIsForAtMostAHundredNamesEachOnce() {
        String[] many =
                IntStream.range(0, 101).mapToObj(i -> "n" + i + ".example.com").toArray(String[]::new);
        assertThatThrownBy(() -> ManagedCertificate.of(many))
                .hasMessage("names: 101 for one certificate (expected: 1 to 100). Manage several certificates.");
        assertThatThrownBy(() -> ManagedCertificate.of("a.example.com", "A.example.com"))
                .hasMessage("a.example.com: named twice for one certificate. Name it once.");
        assertThatThrownBy(() -> ManagedCertificate.of("a.example.com").alsoWith(CertificateKey.EC_P256))
                .hasMessage(
                        "a.example.com: both certificates have a key of kind EC_P256. Choose another for one of them.");
        assertThatThrownBy(() -> ManagedCertificate.of("a.example.com")
                        .key(CertificateKey.EC_P384)
                        .key(CertificateKey.EC_P256))
                .hasMessage("a.example.com: key is set twice, to EC_P384 and to EC_P256. Set it once.");
    }

    @Test
    void severalNamesShareOneCertificateInWhateverOrderTheyAreNamed() {
        fixture.start(fixture.builder().manage(ManagedCertificate.of("www.example.com", "example.com")))
                .close();
        CertificateManager manager =
                fixture.start(fixture.builder().manage(ManagedCertificate.of("example.com", "www.example.com")));

        assertThat(visit(manager, "www.example.com")).isPresent().isEqualTo(visit(manager, "example.com"));
        assertThat(status(manager, "www.example.com").state()).isEqualTo(State.VALID);
        assertThat(fixture.authority.orders).hasSize(1);
        assertThat(manager.statuses(10))
                .extracting(CertificateStatus::name)
                .containsExactly(ServerName.of("example.com"));
    }

    @Test
    void aNameThatFailsIsSplitOffAndComesBackAtTheNextRenewal() {
        fixture.authority.unprovable("bad.example.com");
        ManagedCertificate group = ManagedCertificate.of("example.com", "bad.example.com", "www.example.com");
        CertificateManager manager = fixture.start(fixture.builder().manage(group));
        fixture.pass(Duration.ofMinutes(10));

        assertThat(visit(manager, "example.com").orElseThrow().coverage().toString())
                .isEqualTo("example.com, www.example.com");
        assertThat(visit(manager, "bad.example.com")).isEmpty();
        assertThat(status(manager, "bad.example.com").lastError()).contains("The challenge failed. Mend it.");
        int orders = fixture.authority.orders.size();
        manager.close();

        CertificateManager restarted = fixture.start(fixture.builder().manage(group));
        fixture.pass(Duration.ofHours(7));
        assertThat(fixture.authority.orders.subList(orders, fixture.authority.orders.size()))
                .isNotEmpty()
                .allMatch(request -> request.toString().equals("bad.example.com"));

        fixture.authority.provable("bad.example.com");
        fixture.pass(Duration.ofHours(12));
        assertThat(visit(restarted, "bad.example.com")).isPresent();
        fixture.pass(Duration.ofDays(62));

        assertThat(visit(restarted, "bad.example.com").orElseThrow().coverage().toString())
                .isEqualTo("bad.example.com, example.com, www.example.com");
        assertThat(fixture.authority.lastOrder().names()).hasSize(3);
        int settled = fixture.authority.orders.size();
        fixture.pass(Duration.ofDays(62));
        assertThat(fixture.authority.orders).hasSize(settled + 1);
    }

    @Test
    void theNameThatAGroupGoesUnderCanFailToo() {
        fixture.authority.unprovable("example.com");
        CertificateManager manager = fixture.start(
                fixture.builder().manage(ManagedCertificate.of("example.com", "a.example.com", "b.example.com")));
        fixture.pass(Duration.ofMinutes(1));

        assertThat(visit(manager, "b.example.com").orElseThrow().coverage().toString())
                .isEqualTo("a.example.com, b.example.com");

        fixture.authority.provable("example.com");
        fixture.pass(Duration.ofDays(64));
        assertThat(visit(manager, "b.example.com").orElseThrow().coverage().exactNames())
                .hasSize(3);
        assertThat(visit(manager, "example.com")).isEqualTo(visit(manager, "a.example.com"));
    }

    @Test
    void aClientThatVerifiesOnlyRsaGetsTheSecondCertificateAfterARestartToo() {
        ManagedCertificate both = ManagedCertificate.of("example.com").alsoWith(CertificateKey.RSA_2048);
        CertificateManager manager = fixture.start(fixture.builder().manage(both));
        assertThat(keyTypeForRsaClient(manager)).isEqualTo(KeyType.RSA);
        manager.close();

        CertificateManager restarted = fixture.start(fixture.builder().manage(both));
        assertThat(visit(restarted, "example.com").orElseThrow().keyType()).isEqualTo(KeyType.EC);
        assertThat(keyTypeForRsaClient(restarted)).isEqualTo(KeyType.RSA);
        assertThat(fixture.authority.issued).hasSize(2);
    }

    private static KeyType keyTypeForRsaClient(CertificateManager manager) {
        ClientHello hello = ClientHello.builder()
                .serverName(ServerName.of("example.com"))
                .signatureAlgorithms(List.of("RSASSA-PSS", "SHA256withRSA"))
                .build();
        return manager.resolve(hello).toCompletableFuture().join().orElseThrow().keyType();
    }

    @Test
    void aSecondKeyIsASecondCertificateThatIsRenewedAsWell() {
        CertificateManager manager = fixture.start(
                fixture.builder().manage(ManagedCertificate.of("example.com").alsoWith(CertificateKey.RSA_2048)));

        assertThat(fixture.authority.issued)
                .extracting(Credential::keyType)
                .containsExactlyInAnyOrder(KeyType.EC, KeyType.RSA);
        assertThat(visit(manager, "example.com").orElseThrow().keyType()).isEqualTo(KeyType.EC);
        fixture.pass(Duration.ofDays(65));
        assertThat(fixture.authority.issued)
                .extracting(Credential::keyType)
                .containsExactlyInAnyOrder(KeyType.EC, KeyType.RSA, KeyType.EC, KeyType.RSA);
        manager.close();

        fixture.start(
                fixture.builder().manage(ManagedCertificate.of("example.com").alsoWith(CertificateKey.RSA_2048)));
        fixture.pass(Duration.ofDays(1));
        assertThat(fixture.authority.issued).hasSize(4);
    }

    @Test
    void singlesOfAZoneShareAWildcard() {
        CertificateManager manager = fixture.start(fixture.builder()
                .coverWithWildcard("example.com")
                .manage("a.example.com", "b.example.com", "example.com", "x.y.example.com"));

        assertThat(fixture.authority.orders)
                .extracting(IssuanceRequest::toString)
                .containsExactlyInAnyOrder("*.example.com", "example.com", "x.y.example.com");
        assertThat(visit(manager, "b.example.com")).isPresent();

        manager.unmanage("a.example.com");
        assertThat(visit(manager, "b.example.com")).isPresent();
        manager.unmanage("b.example.com");
        assertThat(visit(manager, "b.example.com")).isEmpty();
        assertThat(manager.status(SubjectName.of("*.example.com"))).isEmpty();
    }

    @Test
    void aWildcardThatCannotBeProvenIsRefusedAtOnce() {
        CertificateManagerBuilder builder = CertificateManager.builder()
                .storage(fixture.storage)
                .issuer(AcmeIssuer.letsEncrypt().contact("ops@example.com").agreeToTermsOfService())
                .manage("*.example.com");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "*.example.com: a wildcard name can only be proven by DNS-01, and no solver is set. Set one, or"
                                + " manage single names.");
    }

    @Test
    void aStorageThatIsDownAtTheStartLeavesNoHole() {
        fixture.managing("example.com").close();
        fixture.storage.down(true);
        CertificateManager manager = fixture.managing("example.com", "new.example.com");
        fixture.pass(Duration.ofMinutes(5));
        assertThat(fixture.authority.orders).hasSize(1);

        fixture.storage.down(false);
        fixture.pass(Duration.ofMinutes(10));

        assertThat(visit(manager, "new.example.com")).isPresent();
        assertThat(visit(manager, "example.com")).isPresent();
        assertThat(fixture.authority.orders).hasSize(2);
    }

    @Test
    void theAuthorityIsDownAtTheStartAndTheNamesAreIssuedWhenItIsBack() {
        fixture.authority.down(true);
        CertificateManager manager = fixture.managing("a.example.com", "b.example.com");
        assertThat(status(manager, "a.example.com").state()).isEqualTo(State.FAILING);
        assertThat(manager.health().summary()).contains("have no certificate (a.example.com, b.example.com)");

        fixture.authority.down(false);
        fixture.pass(Duration.ofMinutes(10));

        assertThat(manager.health().isGood()).isTrue();
        assertThat(visit(manager, "b.example.com")).isPresent();
    }

    @Test
    void whatWasGivenIsInTheStatusesAndNotRenewed() {
        Credential given = TestCa.builder().clock(fixture.time).build().issue("origin.example.com");
        CertificateManager manager = fixture.start(fixture.builder().credential(given));

        assertThat(status(manager, "origin.example.com")).satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.VALID);
            assertThat(status.notAfter()).contains(given.notAfter());
            assertThat(status.renewal()).isEmpty();
        });
        assertThat(manager.statuses(10)).hasSize(1);
        fixture.pass(Duration.ofDays(100));
        assertThat(status(manager, "origin.example.com").state()).isEqualTo(State.EXPIRED);
        assertThat(fixture.authority.orders).isEmpty();
    }

    @Test
    void whatHasExpiredLongAgoIsCleanedFromStorage() {
        CertificateManager manager = fixture.managing("gone.example.com", "example.com");
        manager.unmanage("gone.example.com");

        fixture.pass(Duration.ofDays(90 + 15));

        assertThat(fixture.storage.has(RecordKey.certificate(ServerName.of("gone.example.com"))))
                .isFalse();
        assertThat(fixture.storage.has(RecordKey.certificate(ServerName.of("example.com"))))
                .isTrue();
    }

    @Test
    void aHundredThousandNamesStartWithoutReadingThem() throws IOException {
        List<String> names = IntStream.range(0, 100_000)
                .mapToObj(i -> "n" + i + ".example.com")
                .toList();
        Credential known = TestCa.builder().clock(fixture.time).build().issue("n7.example.com");
        byte[] record = StoredCertificate.encode(known, "simulated", fixture.time.instant());
        for (String name : names) {
            fixture.storage.write(
                    RecordKey.certificate(ServerName.of(name)),
                    record,
                    CertificateStorage.ABSENT,
                    WriteTerms.none().expiringAt(known.notAfter()));
        }
        CertificateManager manager = fixture.managing(names.toArray(String[]::new));
        Optional<Credential> served = visit(manager, "n7.example.com");

        assertThat(served).isPresent();
        assertThat(fixture.storage.certificateReads()).isLessThan(100);
        assertThat(fixture.authority.orders).isEmpty();
        assertThat(manager.statuses(10_000)).hasSize(10_000);
    }

    @Test
    void namesBeyondTheLimitsOfTheAuthorityWaitAndSayWhy() {
        fixture.authority.limits(CaLimits.none().ordersPerAccount(RateLimit.of(10, Duration.ofHours(1))));
        String[] names =
                IntStream.range(0, 30).mapToObj(i -> "n" + i + ".example.com").toArray(String[]::new);
        CertificateManager manager = fixture.managing(names);
        Instant begin = fixture.time.instant();

        assertThat(fixture.authority.issued).hasSize(10);
        assertThat(manager.statuses(100))
                .filteredOn(status -> status.state() == State.FAILING)
                .hasSize(20)
                .allSatisfy(status -> {
                    assertThat(status.lastError())
                            .hasValueSatisfying(error ->
                                    assertThat(error).contains("all of 10 per 1 h orders of the account are used"));
                    assertThat(status.nextTry())
                            .hasValueSatisfying(next -> assertThat(next).isAfter(begin));
                });

        fixture.pass(Duration.ofHours(3));
        assertThat(fixture.authority.issued).hasSize(30);
    }
}
