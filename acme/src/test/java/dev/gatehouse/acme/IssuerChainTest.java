package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.IssuanceException.Kind;
import dev.gatehouse.acme.internal.storage.StoredCertificate;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several issuers in order, and what leads from one to the next. */
@Timeout(60)
class IssuerChainTest {

    private static final String NAME = "app.example.com";

    @TempDir
    private Path folder;

    private ManagerFixture fixture;
    private FakeIssuer first;
    private FakeIssuer second;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        first = new FakeIssuer(fixture.ca, "https://first.example/directory");
        second = new FakeIssuer(fixture.ca, "https://second.example/directory");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theFirstIssuerIsAskedFirstAndTheOthersNot() {
        CertificateManager manager = fixture.chain(first, second);

        assertThat(resolve(manager, NAME)).isPresent();

        assertThat(first.orders()).isEqualTo(1);
        assertThat(second.orders()).isZero();
        assertThat(fixture.awaitEvent(CertificateEvent.Issued.class).issuer()).isEqualTo(first.identity());
    }

    @ParameterizedTest
    @CsvSource({
        "AUTHORITY_FAILED,",
        "RATE_LIMITED, rateLimited",
        "REFUSED,",
        "REFUSED, rejectedIdentifier",
        "REFUSED, externalAccountRequired",
        "REFUSED, badCSR",
        "VALIDATION_FAILED, caa",
        "VALIDATION_FAILED, serverInternal"
    })
    void whatAnotherAuthorityCanMendLeadsToTheNextOne(Kind kind, String problem) {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(failure(kind, problem));

        assertThat(resolve(manager, NAME)).isPresent();

        assertThat(second.orders()).isEqualTo(1);
        assertThat(fixture.awaitEvent(CertificateEvent.Issued.class).issuer()).isEqualTo(second.identity());
        assertThat(fixture.awaitEvent(CertificateEvent.FellBack.class))
                .isEqualTo(new CertificateEvent.FellBack(
                        ServerName.of(NAME), first.identity(), "It failed. Mend it.", second.identity()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "dns", "incorrectResponse", "unauthorized", "tls", "somethingNew"})
    void aNameThatDoesNotLeadHereIsNotTriedAtTheNextOne(String problem) {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(failure(Kind.VALIDATION_FAILED, problem));

        assertThat(refusal(manager, NAME)).startsWith("https://first.example/directory: It failed. Mend it.");

        assertThat(second.orders()).isZero();
    }

    @Test
    void theMessageSaysWhatEachOfThemSaid() {
        CertificateManager manager = fixture.chain(first, second);
        first.down(new IssuanceException("The policy forbids it.", null));
        second.down(new IssuanceException(Kind.AUTHORITY_FAILED, "It is down.", null, null));
        try (LogCapture log = new LogCapture()) {
            String refusal = refusal(manager, NAME);

            assertThat(refusal)
                    .contains("https://first.example/directory: The policy forbids it.")
                    .contains("https://second.example/directory: It is down.")
                    .contains("Next try from ");
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN app.example.com: not issued by"
                            + " https://first.example/directory, now asking https://second.example/directory."
                            + " The policy forbids it."))
                    .anyMatch(line ->
                            line.startsWith("WARN app.example.com: not issued.") && line.contains("It is down.")));
        }
    }

    @Test
    void anAuthorityThatDoesNotWorkIsNotAskedAfterItsCircuitOpens() {
        CertificateManager manager = fixture.chain(first, second);
        first.down(new IssuanceException(Kind.AUTHORITY_FAILED, "It is down.", null, null));

        for (int i = 0; i < 8; i++) {
            assertThat(resolve(manager, "tenant-" + i + ".example.com")).isPresent();
        }

        assertThat(first.orders()).isEqualTo(5);
        assertThat(second.orders()).isEqualTo(8);
        assertThat(manager.health().problems())
                .anyMatch(problem -> problem.startsWith("https://first.example/directory does not work"));
        await().until(() -> fixture.events(CertificateEvent.FellBack.class).size() == 8);
        assertThat(fixture.events(CertificateEvent.FellBack.class).get(7).reason())
                .startsWith("Not asked: https://first.example/directory does not work");
    }

    @Test
    void whoseLimitsAreUsedUpIsNotAsked() {
        first.limit(CaLimits.none().ordersPerAccount(RateLimit.of(1, Duration.ofHours(1))));
        CertificateManager manager = fixture.chain(first, second);

        assertThat(resolve(manager, "a.example.com")).isPresent();
        assertThat(resolve(manager, "b.example.com")).isPresent();

        assertThat(first.ordered()).containsExactly(ServerName.of("a.example.com"));
        assertThat(second.ordered()).containsExactly(ServerName.of("b.example.com"));
    }

    @Test
    void theRateLimitOfOneAuthorityIsNoPauseForAnother() {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(new IssuanceException(Kind.RATE_LIMITED, "Too many new orders.", null, Duration.ofHours(2)));

        assertThat(resolve(manager, "a.example.com")).isPresent();
        assertThat(resolve(manager, "b.example.com")).isPresent();

        assertThat(first.orders()).isEqualTo(1);
        assertThat(second.orders()).isEqualTo(2);
    }

    @Test
    void whenNoneMayBeAskedItIsPostponedUntilTheFirstOfThemMay() {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(new IssuanceException(Kind.RATE_LIMITED, "Too many new orders.", null, Duration.ofHours(3)));
        second.failNext(
                new IssuanceException(Kind.RATE_LIMITED, "Too many new orders here.", null, Duration.ofHours(1)));
        refusal(manager, "a.example.com");

        String refusal = refusal(manager, "b.example.com");

        assertThat(refusal)
                .startsWith("refused by LIMITS: ")
                .contains("first.example")
                .contains("second.example")
                .contains("Asked again from " + fixture.time.instant().plus(Duration.ofHours(1)));
        assertThat(first.orders()).isEqualTo(1);
        assertThat(second.orders()).isEqualTo(1);
    }

    @Test
    void theStoredRecordCarriesTheIdentityOfTheOneThatIssued() throws Exception {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(failure(Kind.AUTHORITY_FAILED, null));

        resolve(manager, NAME);
        await().until(() -> manager.status(ServerName.of(NAME)).isPresent());

        assertThat(manager.status(ServerName.of(NAME)).orElseThrow().issuer()).contains(second.identity());
        fixture.closeManagers();
        try (FileStorage storage = FileStorage.at(folder)) {
            byte[] content = storage.read(RecordKey.certificate(ServerName.of(NAME)))
                    .orElseThrow()
                    .content();
            assertThat(StoredCertificate.decode(content).issuer()).isEqualTo(second.identity());
        }
    }

    @Test
    void aNameWhosePreferredAuthorityWasDownReturnsToItWithTheNextOrder() {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(failure(Kind.AUTHORITY_FAILED, null));
        resolve(manager, NAME);

        fixture.time.advance(Duration.ofDays(100));
        assertThat(resolve(manager, NAME)).isPresent();

        assertThat(fixture.awaitEvent(CertificateEvent.Renewed.class).issuer()).isEqualTo(first.identity());
        assertThat(first.lastRequest().replacedIssuer()).contains(second.identity());
        assertThat(first.lastRequest().replaced()).isPresent();
    }

    @Test
    void theWaitAfterAFailureIsThatOfTheAuthorityThatIsFreeFirst() {
        CertificateManager manager = fixture.chain(first, second);
        first.failNext(new IssuanceException(Kind.RATE_LIMITED, "Too many new orders.", null, Duration.ofDays(2)));
        second.failNext(failure(Kind.REFUSED, "badCSR"));

        refusal(manager, NAME);

        CertificateEvent.Failed failed = fixture.awaitEvent(CertificateEvent.Failed.class);
        assertThat(Duration.between(fixture.time.instant(), failed.nextTry())).isLessThan(Duration.ofMinutes(2));
    }

    @Test
    void issuersContradictAnIssuerAndEachOther() {
        assertThatThrownBy(() -> CertificateManager.builder().issuer(first).issuers(second))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("issuer was already set");
        assertThatThrownBy(() -> CertificateManager.builder().issuers(first, second, first))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://first.example/directory twice");
    }

    @Test
    void theForecastNamesEachOfThem() {
        first.limit(CaLimits.none().ordersPerAccount(RateLimit.of(5, Duration.ofHours(1))));
        CertificateManager manager = fixture.chain(first, second);

        assertThat(List.of(manager.forecast(ServerName.of(NAME))
                        .toCompletableFuture()
                        .join()
                        .split("; ")))
                .containsExactly(
                        "https://first.example/directory: 0 of 5 orders of the account used",
                        "https://second.example/directory: no limits");
    }

    private static IssuanceException failure(Kind kind, String problem) {
        IssuanceException failure = new IssuanceException(kind, "It failed. Mend it.", null, null);
        return problem == null ? failure : failure.withProblem(problem);
    }
}
