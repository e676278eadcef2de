package dev.gatehouse.acme;

import static dev.gatehouse.acme.RenewalFixture.status;
import static dev.gatehouse.acme.RenewalFixture.visit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When certificates are renewed, and what happens when that fails. */
@Timeout(60)
class RenewalTest {

    private static final String NAME = "app.example.com";

    private final RenewalFixture fixture = new RenewalFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void withoutASuggestionItIsRenewedWhenAThirdOfItsLifetimeIsLeft() {
        CertificateManager manager = fixture.managing(NAME);
        Credential first = visit(manager, NAME).orElseThrow();
        Instant planned = status(manager, NAME).renewal().orElseThrow().at();

        fixture.pass(Duration.between(fixture.time.instant(), planned).minusSeconds(60));
        assertThat(visit(manager, NAME)).contains(first);
        fixture.pass(Duration.ofMinutes(2));

        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
        assertThat(planned)
                .isBetween(
                        first.notAfter().minus(Duration.ofMinutes(1 + 30 * 24 * 60 + 90 * 60)),
                        first.notAfter().minus(Duration.ofDays(30)));
        assertThat(fixture.authority.lastOrder().replaced()).contains(first);
    }

    @Test
    void aSuggestionAdvancesAndPostponesIt() {
        CertificateManager manager = fixture.managing(NAME);
        Instant begin = fixture.time.instant();
        suggest(begin.plus(Duration.ofDays(20)), begin.plus(Duration.ofDays(22)));
        fixture.pass(Duration.ofDays(2));
        assertThat(status(manager, NAME).renewal()).hasValueSatisfying(renewal -> {
            assertThat(renewal.at()).isBetween(begin.plus(Duration.ofDays(20)), begin.plus(Duration.ofDays(22)));
            assertThat(renewal.reason()).startsWith("the authority suggests it for ");
        });

        suggest(begin.plus(Duration.ofDays(70)), begin.plus(Duration.ofDays(75)));
        fixture.pass(Duration.ofDays(67));
        assertThat(fixture.authority.orders).hasSize(1);
        assertThat(status(manager, NAME).renewal())
                .hasValueSatisfying(renewal -> assertThat(renewal.at())
                        .isBetween(begin.plus(Duration.ofDays(70)), begin.plus(Duration.ofDays(75))));

        Credential first = fixture.authority.issued.get(0);
        fixture.authority.suggest(credential -> credential.serialNumber().equals(first.serialNumber())
                ? Optional.of(new RenewalInformation(
                        begin.plus(Duration.ofDays(70)),
                        begin.plus(Duration.ofDays(75)),
                        Optional.empty(),
                        Duration.ofHours(6)))
                : Optional.empty());
        fixture.pass(Duration.ofDays(7));
        assertThat(fixture.authority.orders).hasSize(2);
    }

    @Test
    void aSuggestionIsNotFollowedPastTheSafetyMargin() {
        CertificateManager manager = fixture.managing(NAME);
        Credential first = visit(manager, NAME).orElseThrow();
        suggest(first.notAfter().minus(Duration.ofHours(1)), first.notAfter().plus(Duration.ofDays(9)));

        fixture.pass(Duration.ofDays(2));
        assertThat(status(manager, NAME).renewal().orElseThrow().at())
                .isEqualTo(first.notAfter().minus(Duration.ofDays(9)));
        fixture.pass(Duration.ofDays(80));

        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
    }

    @Test
    void theMomentInAWindowIsDrawnOnceAndTheSameAfterARestart() {
        CertificateManager manager = fixture.managing(NAME);
        Instant begin = fixture.time.instant();
        suggest(begin.plus(Duration.ofDays(40)), begin.plus(Duration.ofDays(50)));
        fixture.pass(Duration.ofDays(2));
        Instant drawn = status(manager, NAME).renewal().orElseThrow().at();
        fixture.pass(Duration.ofDays(5));
        assertThat(status(manager, NAME).renewal().orElseThrow().at()).isEqualTo(drawn);
        manager.close();

        CertificateManager restarted = fixture.managing(NAME);
        fixture.pass(Duration.ofDays(1));

        assertThat(status(restarted, NAME).renewal().orElseThrow().at()).isEqualTo(drawn);
        assertThat(fixture.authority.orders).hasSize(1);
    }

    @Test
    void aWindowInThePastMeansAtOnceAndTheOldOneIsServedUntilThen() {
        CertificateManager manager = fixture.managing(NAME);
        Credential first = visit(manager, NAME).orElseThrow();
        fixture.pass(Duration.ofDays(3));
        Instant now = fixture.time.instant();
        suggest(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        fixture.authority.failOrders(request -> true);

        fixture.pass(Duration.ofHours(30));
        assertThat(visit(manager, NAME)).contains(first);
        assertThat(fixture.authority.orders).hasSizeGreaterThan(1);
        assertThat(status(manager, NAME).lastError()).contains("The order is refused. Mend it.");

        fixture.authority.failOrders(request -> false);
        fixture.authority.suggest(credential -> Optional.empty());
        fixture.pass(Duration.ofHours(8));
        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
        assertThat(status(manager, NAME).lastError()).isEmpty();
    }

    @Test
    void anAuthorityThatAlwaysWantsItAtOnceIsNotAskedForOneAfterTheOther() {
        suggest(
                fixture.time.instant().minus(Duration.ofDays(2)),
                fixture.time.instant().minus(Duration.ofDays(1)));
        fixture.managing(NAME);

        fixture.pass(Duration.ofHours(5));

        assertThat(fixture.authority.orders).hasSizeBetween(5, 6);
    }

    @Test
    void aQuestionThatFailedIsAskedAgainSoon() {
        CertificateManager manager = fixture.managing(NAME);
        Instant begin = fixture.time.instant();
        suggest(begin.plus(Duration.ofDays(20)), begin.plus(Duration.ofDays(22)));
        fixture.authority.down(true);
        fixture.pass(Duration.ofMinutes(10));
        assertThat(fixture.authority.questions).hasSizeBetween(3, 6);
        assertThat(status(manager, NAME).renewal().orElseThrow().reason()).isEqualTo("a third of its lifetime is left");

        fixture.authority.down(false);
        fixture.pass(Duration.ofMinutes(10));
        assertThat(status(manager, NAME).renewal().orElseThrow().at())
                .isBetween(begin.plus(Duration.ofDays(20)), begin.plus(Duration.ofDays(22)));
    }

    @Test
    void theAuthorityIsAskedAgainWhenItWantsToBe() {
        fixture.authority.suggest(
                fixture.time.instant().plus(Duration.ofDays(60)),
                fixture.time.instant().plus(Duration.ofDays(61)),
                Duration.ofHours(6));
        fixture.managing(NAME);

        fixture.pass(Duration.ofDays(10));
        assertThat(fixture.authority.questions).hasSizeBetween(36, 41);

        fixture.authority.questions.clear();
        fixture.authority.suggest(
                fixture.time.instant().plus(Duration.ofDays(60)),
                fixture.time.instant().plus(Duration.ofDays(61)),
                Duration.ofSeconds(1));
        fixture.pass(Duration.ofHours(7));
        assertThat(fixture.authority.questions).hasSizeBetween(1, 7 * 60);
    }

    @Test
    void certificatesOfMinutesHoursAndDaysAreAlwaysValid() {
        for (Duration lifetime :
                new Duration[] {Duration.ofMinutes(45), Duration.ofHours(4), Duration.ofDays(1), Duration.ofDays(6)}) {
            fixture.authority.orders.clear();
            fixture.authority.lifetime(lifetime);
            String name = "of-" + lifetime.toMinutes() + ".example.com";
            CertificateManager manager = fixture.managing(name);

            for (int step = 0; step < 200; step++) {
                fixture.pass(lifetime.dividedBy(20));
                assertThat(visit(manager, name))
                        .hasValueSatisfying(served -> assertThat(served.isValidAt(fixture.time.instant()))
                                .isTrue());
            }

            assertThat(fixture.authority.orders).as(lifetime.toString()).hasSizeBetween(14, 18);
            manager.close();
        }
    }

    @Test
    void anOutageOfAWeekIsSurvived() {
        CertificateManager manager = fixture.managing(NAME);
        fixture.pass(Duration.ofDays(55));
        fixture.authority.down(true);
        fixture.pass(Duration.ofDays(7));
        assertThat(visit(manager, NAME)).isPresent();
        assertThat(status(manager, NAME).lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("cannot be reached"));
        assertThat(manager.health().isGood()).isFalse();

        fixture.authority.down(false);
        fixture.pass(Duration.ofHours(8));

        assertThat(fixture.authority.issued).hasSize(2);
        assertThat(manager.health().isGood()).isTrue();
    }

    @Test
    void whatFailsToTheEndIsServedAndToldOf() {
        CertificateManager manager = fixture.managing(NAME);
        fixture.authority.failOrders(request -> true);
        fixture.pass(Duration.ofDays(85));

        assertThat(visit(manager, NAME)).isPresent();
        assertThat(manager.health().summary())
                .isEqualTo(
                        "1 certificate expires within 7 days and cannot be renewed (app.example.com): The order is refused."
                                + " Mend it.");
        assertThat(fixture.authority.orders).hasSizeBetween(80, 250);
    }

    @Test
    void aVisitedNameIsRenewedWhileItIsUsed() {
        CertificateManager manager = fixture.visited();
        for (int day = 0; day < 400; day++) {
            assertThat(visit(manager, NAME))
                    .hasValueSatisfying(served ->
                            assertThat(served.isValidAt(fixture.time.instant())).isTrue());
            fixture.pass(Duration.ofDays(1));
        }

        assertThat(fixture.authority.orders).hasSizeBetween(6, 7);
    }

    @Test
    void aVisitedNameThatNobodyUsesIsNotRenewed() {
        CertificateManager manager = fixture.visited();
        try (LogCapture log = new LogCapture()) {
            visit(manager, NAME);
            fixture.pass(Duration.ofDays(70));

            assertThat(fixture.authority.orders).hasSize(1);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("not renewed"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN app.example.com: not renewed: nobody has asked for it for 30 d, last at ");
            assertThat(status(manager, NAME).renewal()).isEmpty();
        }

        assertThat(visit(manager, NAME)).isPresent();
        fixture.pass(Duration.ofDays(2));
        assertThat(fixture.authority.orders).hasSize(2);
    }

    @Test
    void aUseIsRememberedOverARestart() {
        CertificateManager first = fixture.visited();
        visit(first, NAME);
        fixture.pass(Duration.ofDays(40));
        visit(first, NAME);
        fixture.pass(Duration.ofDays(2));
        first.close();

        fixture.visited();
        fixture.pass(Duration.ofDays(25));

        assertThat(fixture.authority.orders).hasSize(2);
    }

    @Test
    void aNameThatIsDeniedNowIsServedUntilItExpiresAndThenDropped() {
        boolean[] permitted = {true};
        CertificateManager manager = fixture.visited(IssuancePermission.of(name -> permitted[0]));
        Credential only = visit(manager, NAME).orElseThrow();
        fixture.pass(Duration.ofDays(50));
        visit(manager, NAME);
        permitted[0] = false;
        try (LogCapture log = new LogCapture()) {
            fixture.pass(Duration.ofDays(39));
            assertThat(visit(manager, NAME)).contains(only);
            assertThat(status(manager, NAME).lastError())
                    .hasValueSatisfying(error -> assertThat(error).startsWith("refused by PERMISSION: "));
            assertThat(status(manager, NAME).renewal()).isEmpty();

            fixture.pass(Duration.ofDays(2));
            assertThat(visit(manager, NAME)).isEmpty();
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: not renewed: refused by PERMISSION: "))
                    .anyMatch(line -> line.startsWith("WARN app.example.com: not served any more, it expired at "));
        }
        assertThat(fixture.authority.orders).hasSize(1);
    }

    @Test
    void anExpiredCertificateIsNotShownToTheVisitorOfANameThatIsDeniedNow() {
        boolean[] permitted = {true};
        CertificateManager manager = fixture.visited(IssuancePermission.of(name -> permitted[0]));
        assertThat(visit(manager, NAME)).isPresent();
        fixture.authority.down(true);
        fixture.pass(Duration.ofDays(89));
        assertThat(visit(manager, NAME)).isPresent();
        fixture.pass(Duration.ofDays(2));
        permitted[0] = false;
        fixture.pass(Duration.ofHours(1));

        assertThat(visit(manager, NAME)).isEmpty();
    }

    @Test
    void aHookThatIsDownDelaysARenewalButTakesNoCertificateAway() {
        PermissionDecision[] answer = {PermissionDecision.allowed("it is ours")};
        CertificateManager manager = fixture.visited(request -> CompletableFuture.completedFuture(answer[0]));
        Credential first = visit(manager, NAME).orElseThrow();
        answer[0] = PermissionDecision.unknown("the hook is down");

        for (int day = 0; day < 80; day++) {
            fixture.pass(Duration.ofDays(1));
            assertThat(visit(manager, NAME)).contains(first);
        }
        assertThat(fixture.authority.orders).hasSize(1);
        fixture.pass(Duration.ofDays(2));

        assertThat(fixture.authority.orders).hasSize(2);
        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
    }

    @Test
    void oneOfTwoNodesRenewsAndTheOtherTakesItFromStorage() {
        CertificateManager one = fixture.managing(NAME);
        fixture.pass(Duration.ofHours(1));
        CertificateManager other = fixture.managing(NAME);
        fixture.pass(Duration.ofHours(12));
        visit(other, NAME);

        fixture.pass(Duration.ofDays(62));

        assertThat(fixture.authority.orders).hasSize(2);
        assertThat(visit(one, NAME).orElseThrow().serialNumber())
                .isEqualTo(visit(other, NAME).orElseThrow().serialNumber())
                .isEqualTo(fixture.authority.issued.get(1).serialNumber());
    }

    @Test
    void byHandItIsRenewedAtOnceWhateverPauseItIsIn() {
        CertificateManager manager = fixture.managing(NAME);
        Credential first = visit(manager, NAME).orElseThrow();
        fixture.authority.failOrders(request -> true);
        assertThat(manager.renew(SubjectName.of(NAME)).toCompletableFuture()).isCompletedExceptionally();
        fixture.authority.failOrders(request -> false);

        assertThat(manager.renew(SubjectName.of(NAME)).toCompletableFuture()).isCompleted();

        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
        assertThat(manager.renew(SubjectName.of("unknown.example.com")).toCompletableFuture())
                .isCompletedExceptionally();
    }

    @Test
    void whatIsInUseIsRenewedBeforeItIsRevoked() {
        CertificateManager manager = fixture.managing(NAME);
        Credential first = visit(manager, NAME).orElseThrow();

        assertThat(manager.revoke(SubjectName.of(NAME), RevocationReason.KEY_COMPROMISE)
                        .toCompletableFuture())
                .isCompleted();

        assertThat(fixture.authority.revoked)
                .extracting(Credential::serialNumber)
                .containsExactly(first.serialNumber());
        assertThat(visit(manager, NAME)).isPresent().get().isNotEqualTo(first);
    }

    @Test
    void whatIsNotInUseIsRevokedAndDeleted() {
        CertificateManager manager = fixture.managing(NAME);
        manager.unmanage(NAME);
        assertThat(visit(manager, NAME)).isEmpty();

        assertThat(manager.revoke(SubjectName.of(NAME), RevocationReason.CESSATION_OF_OPERATION)
                        .toCompletableFuture())
                .isCompleted();

        assertThat(fixture.authority.revoked).hasSize(1);
        assertThat(fixture.authority.orders).hasSize(1);
        assertThat(fixture.storage.has(RecordKey.certificate(SubjectName.of(NAME))))
                .isFalse();
    }

    @Test
    void aStorageThatIsDownDelaysAndTakesNothingAway() {
        CertificateManager manager = fixture.managing(NAME);
        fixture.pass(Duration.ofDays(55));
        fixture.storage.down(true);
        fixture.pass(Duration.ofDays(6));
        assertThat(visit(manager, NAME)).isPresent();
        assertThat(fixture.authority.orders).hasSize(1);

        fixture.storage.down(false);
        fixture.pass(Duration.ofHours(1));
        assertThat(fixture.authority.orders).hasSize(2);
    }

    private void suggest(Instant start, Instant end) {
        fixture.authority.suggest(start, end, Duration.ofHours(6));
    }
}
