package dev.gatehouse.acme.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.LogCapture;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.MemoryStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaPausesTest {

    private static final String CA = "https://ca.test/directory";

    private final ManualClock clock = new ManualClock();
    private final MemoryStorage storage = new MemoryStorage();
    private final CaPauses pauses = new CaPauses(CA, storage, clock);

    @Test
    void anExactSetOfNamesIsPausedAlone() {
        LimitRefusal pause = pauses.rateLimited(
                names("example.com", "www.example.com"),
                "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s,"
                        + " retry after 2026-06-03 08:30:00 UTC: see https://letsencrypt.org/docs/rate-limits/",
                Optional.empty());

        assertThat(pause.freesAt()).isEqualTo(Instant.parse("2026-06-03T08:30:00Z"));
        assertThat(pauses.pausing(names("www.example.com", "example.com"))).contains(pause);
        assertThat(pauses.pausing(names("example.com"))).isEmpty();
    }

    @Test
    void aRegisteredDomainIsPausedWithAllItsNames() {
        pauses.rateLimited(
                names("a.example.com"),
                "too many certificates (50) already issued for \"example.com\" in the last 168h0m0s,"
                        + " retry after 2026-06-02 00:00:00 UTC: see https://…",
                Optional.of(Instant.parse("2026-06-02T00:00:01Z")));

        assertThat(pauses.pausing(names("b.x.example.com"))).hasValueSatisfying(pause -> {
            assertThat(pause.freesAt()).isEqualTo(Instant.parse("2026-06-02T00:00:01Z"));
            assertThat(pause.limit()).isEqualTo("pause of the registered domain");
            assertThat(pause.reason())
                    .startsWith(CA + " asks for a pause of the registered domain example.com: too many certificates");
        });
        assertThat(pauses.pausing(names("a.example.net"))).isEmpty();
    }

    @Test
    void failedValidationsPauseTheName() {
        pauses.rateLimited(
                names("good.example.com", "bad.example.com"),
                "too many failed authorizations (5) for \"bad.example.com\" in the last 1h0m0s,"
                        + " retry after 2026-06-01 12:12:00 UTC",
                Optional.empty());

        assertThat(pauses.pausing(names("bad.example.com"))).isPresent();
        assertThat(pauses.pausing(names("good.example.com"))).isEmpty();
        clock.advance(Duration.ofMinutes(12));
        assertThat(pauses.pausing(names("bad.example.com"))).isEmpty();
    }

    @Test
    void newRegistrationsPauseOnlyTheMakingOfAccounts() {
        pauses.rateLimited(
                names("a.example.com"),
                "too many new registrations (10) from this IP address in the last 3h0m0s,"
                        + " retry after 2026-06-01 13:00:00 UTC",
                Optional.empty());

        assertThat(pauses.pausing(names("a.example.com"))).isEmpty();
        assertThat(pauses.pausingNewAccounts()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "'too many new orders (300) from this account in the last 3h0m0s', 600, 600",
        "'Your account is temporarily prevented from requesting certificates', 3600, 3600",
        "'something that nobody has seen before', 30, 60",
        "'something that nobody has seen before', 99999999, 21600",
        "'', -50, 60",
        "'', , 600"
    })
    void whatIsNotUnderstoodPausesTheAccountWithinBounds(String detail, Long asked, long kept) {
        Optional<Instant> retryAfter = Optional.ofNullable(asked).map(clock.instant()::plusSeconds);

        LimitRefusal pause = pauses.rateLimited(names("a.example.com"), detail, retryAfter);

        assertThat(pause.freesAt()).isEqualTo(clock.instant().plusSeconds(kept));
        assertThat(pauses.pausing(names("anything.test"))).isPresent();
    }

    @Test
    void aServerThatIsDownIsLeftAloneByAll() {
        pauses.unavailable("HTTP 503", clock.instant().plus(Duration.ofDays(30)));

        assertThat(pauses.pausing(names("a.test")))
                .hasValueSatisfying(pause ->
                        assertThat(pause.freesAt()).isEqualTo(clock.instant().plus(Duration.ofHours(1))));
    }

    @Test
    void theLongestPauseCounts() {
        pauses.rateLimited(
                names("a.test"), "unknown", Optional.of(clock.instant().plusSeconds(600)));
        pauses.rateLimited(
                names("a.test"),
                "too many certificates (50) already issued for \"a.test\" in the last 168h0m0s",
                Optional.of(clock.instant().plus(Duration.ofDays(2))));

        assertThat(pauses.pausing(names("a.test")))
                .hasValueSatisfying(pause ->
                        assertThat(pause.freesAt()).isEqualTo(clock.instant().plus(Duration.ofDays(2))));
        assertThat(pauses.pausing(names("b.other")))
                .hasValueSatisfying(pause ->
                        assertThat(pause.freesAt()).isEqualTo(clock.instant().plusSeconds(600)));
    }

    @Test
    void pausesSurviveARestartAndReachOtherNodes() {
        CaPauses other = new CaPauses(CA, storage, clock);
        assertThat(other.pausing(names("a.test"))).isEmpty();
        pauses.rateLimited(
                names("a.test"),
                "slow\tdown\nplease",
                Optional.of(clock.instant().plusSeconds(900)));

        assertThat(new CaPauses(CA, storage, clock).pausing(names("a.test")))
                .hasValueSatisfying(pause -> assertThat(pause.reason()).endsWith("slow down please"));
        clock.advance(Duration.ofSeconds(30));
        assertThat(other.pausing(names("a.test"))).isPresent();
        assertThat(new CaPauses("another", storage, clock).pausing(names("a.test")))
                .isEmpty();
    }

    @Test
    void twoNodesLoseNothingOfEachOther() {
        CaPauses other = new CaPauses(CA, storage, clock);
        String detail = "too many failed authorizations (5) for \"%s\" in the last 1h0m0s";
        pauses.rateLimited(names("a.test"), detail.formatted("a.test"), Optional.empty());
        other.rateLimited(names("b.test"), detail.formatted("b.test"), Optional.empty());

        CaPauses third = new CaPauses(CA, storage, clock);
        assertThat(third.pausing(names("a.test"))).isPresent();
        assertThat(third.pausing(names("b.test"))).isPresent();
    }

    @Test
    void aFloodOfPausesIsBounded() {
        for (int i = 0; i < 700; i++) {
            String name = "n" + i + ".test";
            pauses.rateLimited(
                    names(name),
                    "too many failed authorizations (5) for \"" + name + "\" in the last 1h0m0s",
                    Optional.of(clock.instant().plusSeconds(3_600 + i)));
        }

        assertThat(storage.records().values())
                .singleElement()
                .satisfies(record -> assertThat(new String(record.content(), StandardCharsets.UTF_8).lines())
                        .hasSize(500));
        assertThat(pauses.pausing(names("n699.test"))).isPresent();
    }

    @Test
    void whileStorageFailsMemoryPausesAndTheLogSaysSo() {
        storage.fail(true);

        try (LogCapture log = new LogCapture()) {
            pauses.rateLimited(
                    names("a.test"), "slow down", Optional.of(clock.instant().plusSeconds(900)));
            assertThat(log.lines())
                    .contains(
                            "WARN " + CA + ": the certificate authority asks for a pause of the account until "
                                    + clock.instant().plusSeconds(900) + ": slow down",
                            "WARN " + CA + ": a pause is kept in memory only (the disk is gone); a restart forgets it."
                                    + " Check the storage.");
        }
        assertThat(pauses.pausing(names("a.test"))).isPresent();
    }

    @Test
    void damagedLinesAreLeftOut() throws IOException {
        storage.write(
                RecordKey.state("pauses of " + CA),
                "nonsense\n2026-06-01T13:00:00Z\tACCOUNT\t\tok\n2026\tNAME\tx".getBytes(StandardCharsets.UTF_8),
                0);

        assertThat(pauses.pausing(names("a.test")))
                .hasValueSatisfying(pause -> assertThat(pause.reason()).endsWith("account: ok"));
    }

    @ParameterizedTest
    @CsvSource({
        "120, 2026-06-01T12:02:00Z", "'Mon, 01 Jun 2026 13:00:00 GMT', 2026-06-01T13:00:00Z",
        "'Mon, 01 Jun 2026 11:00:00 GMT', 2026-06-01T12:00:00Z", "0, 2026-06-01T12:00:00Z"
    })
    void retryAfterIsSecondsOrADateAndNeverInThePast(String field, Instant moment) {
        assertThat(RetryAfter.parse(field, clock.instant())).contains(moment);
    }

    @ParameterizedTest
    @CsvSource({"soon", "-5", "''", "1.5"})
    void aRetryAfterThatIsNeitherSaysNothing(String field) {
        assertThat(RetryAfter.parse(field, clock.instant())).isEmpty();
    }

    private static Set<ServerName> names(String... names) {
        return Arrays.stream(names).map(ServerName::of).collect(Collectors.toSet());
    }
}
