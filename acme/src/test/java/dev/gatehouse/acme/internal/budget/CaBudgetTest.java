package dev.gatehouse.acme.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.CaLimits;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.MemoryStorage;
import dev.gatehouse.acme.RateLimit;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CaBudgetTest {

    private final ManualClock clock = new ManualClock();
    private final MemoryStorage storage = new MemoryStorage();
    private final CaBudget budget = budget(CaLimits.letsEncrypt());

    @Test
    void fiftyCertificatesPerRegisteredDomainThenOneEach201Minutes() {
        for (int i = 0; i < 50; i++) {
            assertThat(admit(budget, "n" + i + ".example.com"))
                    .as("certificate %d", i)
                    .isEmpty();
        }

        LimitRefusal refusal = admit(budget, "n50.example.com").orElseThrow();
        assertThat(refusal.limit()).isEqualTo("certificatesPerRegisteredDomain");
        assertThat(refusal.reason())
                .isEqualTo("all of 50 per 7 d certificates for example.com are used, which the certificate authority"
                        + " would refuse; the next is free in 3 h 21 min");
        assertThat(admit(budget, "other.example.net")).isEmpty();

        clock.advance(Duration.between(clock.instant(), refusal.freesAt()));
        assertThat(admit(budget, "n50.example.com")).isEmpty();
        assertThat(admit(budget, "n51.example.com")).isPresent();
    }

    @Test
    void aSteadyUseAtTheRateOfRefillIsNeverRefusedAndNeverBeyondIt() {
        CaBudget small = budget(CaLimits.none().certificatesPerRegisteredDomain(RateLimit.of(7, Duration.ofDays(7))));
        for (int i = 0; i < 7; i++) {
            admit(small, "n" + i + ".example.com");
        }
        for (int day = 0; day < 60; day++) {
            assertThat(admit(small, "x" + day + ".example.com")).isPresent();
            clock.advance(Duration.ofDays(1));
            assertThat(admit(small, "y" + day + ".example.com")).isEmpty();
        }
    }

    @Test
    void aClockThatGoesOnWhileStorageIsReadBarsNoNameThatHasNotFailed() {
        CaBudget real = new CaBudget(CaLimits.letsEncrypt(), "https://ca.test/directory", storage, () -> {
            clock.advance(Duration.ofMillis(1));
            return clock.instant();
        });

        assertThat(admit(real, "app.example.com")).isEmpty();
        real.validationFailed(ServerName.of("app.example.com"));
        assertThat(admit(real, "app.example.com")).isEmpty();
    }

    @Test
    void fiveCertificatesForExactlyTheSameNames() {
        for (int i = 0; i < 5; i++) {
            assertThat(admit(budget, "example.com", "www.example.com")).isEmpty();
        }
        assertThat(admit(budget, "www.example.com", "example.com"))
                .hasValueSatisfying(refusal -> assertThat(refusal.limit()).isEqualTo("certificatesPerNameSet"));
        assertThat(admit(budget, "www.example.com")).isEmpty();
    }

    @Test
    void threeHundredOrdersPerAccount() {
        for (int i = 0; i < 300; i++) {
            assertThat(admit(budget, "www.example" + i + ".com")).isEmpty();
        }
        assertThat(admit(budget, "www.example300.com")).hasValueSatisfying(refusal -> {
            assertThat(refusal.limit()).isEqualTo("ordersPerAccount");
            assertThat(refusal.freesAt()).isEqualTo(clock.instant().plusSeconds(36));
        });
    }

    @Test
    void anOrderThatComesToNothingGivesItsCertificateBackButNotItsOrder() {
        CaBudget small = budget(CaLimits.none()
                .ordersPerAccount(RateLimit.of(3, Duration.ofHours(3)))
                .certificatesPerRegisteredDomain(RateLimit.of(1, Duration.ofDays(7))));

        for (int i = 0; i < 3; i++) {
            CaBudget.Admission admission = small.admit(names("a.example.com"), false);
            assertThat(admission.refusal()).isEmpty();
            admission.notIssued();
            admission.notIssued();
        }
        assertThat(admit(small, "a.example.com"))
                .hasValueSatisfying(refusal -> assertThat(refusal.limit()).isEqualTo("ordersPerAccount"));
    }

    @Test
    void aRefusedOrderTakesNothing() {
        CaBudget small = budget(CaLimits.none()
                .ordersPerAccount(RateLimit.of(1, Duration.ofHours(3)))
                .certificatesPerRegisteredDomain(RateLimit.of(10, Duration.ofDays(7))));
        admit(small, "a.example.net");

        assertThat(admit(small, "a.example.com")).isPresent();

        assertThat(small.forecast(ServerName.of("a.example.com")))
                .startsWith("0 of 10 certificates for example.com used");
    }

    @Test
    void failedValidationsBarANameOnly() {
        ServerName name = ServerName.of("bad.example.com");
        for (int i = 0; i < 5; i++) {
            assertThat(admit(budget, "bad.example.com")).isEmpty();
            budget.validationFailed(name);
            budget.admit(Set.of(name), false).notIssued();
        }
        CaBudget fresh = budget(CaLimits.none().failedValidationsPerName(RateLimit.of(5, Duration.ofHours(1))));

        assertThat(admit(fresh, "bad.example.com")).hasValueSatisfying(refusal -> {
            assertThat(refusal.limit()).isEqualTo("failedValidationsPerName");
            assertThat(refusal.freesAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(12)));
        });
        assertThat(fresh.admit(Set.of(name), true).refusal()).isPresent();
        assertThat(admit(fresh, "good.example.com")).isEmpty();
    }

    @Test
    void aRenewalThatNamesWhatItReplacesIsExempt() {
        for (int i = 0; i < 5; i++) {
            admit(budget, "www.example.com");
        }

        assertThat(budget.admit(names("www.example.com"), true).refusal()).isEmpty();
        assertThat(admit(budget, "www.example.com")).isPresent();
    }

    @Test
    void useSurvivesARestart() {
        for (int i = 0; i < 5; i++) {
            admit(budget, "www.example.com");
        }

        assertThat(admit(budget(CaLimits.letsEncrypt()), "www.example.com")).isPresent();
    }

    @Test
    void theForecastTellsWhatIsUsedAndWhenItIsFree() {
        for (int i = 0; i < 41; i++) {
            admit(budget, "n" + i + ".example.com");
        }

        assertThat(budget.forecast(ServerName.of("new.example.com")))
                .isEqualTo("0 of 5 certificates for exactly new.example.com used;"
                        + " 41 of 50 certificates for example.com used, all are free in 5 d 17 h;"
                        + " 41 of 300 orders of the account used, all are free in 24 min 36 s;"
                        + " 0 of 5 failed validations of new.example.com used");
        assertThat(budget(CaLimits.none()).forecast(ServerName.of("a.test"))).isEqualTo("no limits");
    }

    @Test
    void twoNodesAtTheSameTimeDoNotOverrunALimit() {
        CaLimits limits = CaLimits.none().certificatesPerRegisteredDomain(RateLimit.of(20, Duration.ofDays(7)));
        List<CompletableFuture<Optional<LimitRefusal>>> orders = IntStream.range(0, 60)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> admit(budget(limits), "n" + i + ".example.com")))
                .toList();

        assertThat(orders.stream().filter(order -> order.join().isEmpty()).count())
                .isEqualTo(20);
    }

    @Test
    void whileStorageFailsOrdersPass() {
        storage.fail(true);

        assertThat(admit(budget, "www.example.com")).isEmpty();
        budget.validationFailed(ServerName.of("www.example.com"));
        assertThat(budget.forecast(ServerName.of("www.example.com"))).contains("cannot be read (the disk is gone)");
    }

    @Test
    void aRecordExpiresWhenItSaysNothingAnyMore() {
        admit(budget, "www.example.com");

        assertThat(storage.records().keySet())
                .allSatisfy(key -> assertThat(storage.expiryOf(key).map(clock.instant()::isBefore))
                        .contains(true));
        Instant all = clock.instant().plus(Duration.ofDays(7).dividedBy(5));
        assertThat(storage.records().keySet().stream().map(storage::expiryOf)).contains(Optional.of(all));
    }

    private CaBudget budget(CaLimits limits) {
        return new CaBudget(limits, "https://ca.test/directory", storage, clock);
    }

    private static Optional<LimitRefusal> admit(CaBudget budget, String... names) {
        return budget.admit(names(names), false).refusal();
    }

    private static Set<ServerName> names(String... names) {
        return Arrays.stream(names).map(ServerName::of).collect(Collectors.toSet());
    }
}
