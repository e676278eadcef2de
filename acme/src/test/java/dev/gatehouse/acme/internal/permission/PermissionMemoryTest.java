package dev.gatehouse.acme.internal.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionMemoryTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger asked = new AtomicInteger();
    private PermissionDecision answer = PermissionDecision.allowed("yes");
    private final PermissionMemory memory =
            memory(request -> CompletableFuture.completedFuture(answer), Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"ALLOWED, 600", "DENIED, 60", "UNKNOWN, 10"})
    void eachVerdictIsRememberedForItsTime(Verdict verdict, int seconds) {
        answer = new PermissionDecision(verdict, "so", java.util.Optional.empty());

        decide("app.example.com");
        clock.advance(Duration.ofSeconds(seconds - 1));
        assertThat(decide("app.example.com").verdict()).isEqualTo(verdict);
        assertThat(asked).hasValue(1);

        clock.advance(Duration.ofSeconds(1));
        decide("app.example.com");
        assertThat(asked).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "30, 30", "7200, 7200", "999999, 86400"})
    void anAnswerMayBringItsOwnTimeWithinBounds(int said, int kept) {
        answer = PermissionDecision.denied("no").validFor(Duration.ofSeconds(said));

        decide("app.example.com");
        clock.advance(Duration.ofSeconds(kept).minusMillis(1));
        decide("app.example.com");
        assertThat(asked).hasValue(1);

        clock.advance(Duration.ofMillis(1));
        decide("app.example.com");
        assertThat(asked).hasValue(2);
    }

    @Test
    void aNewAnswerReplacesTheOldOne() {
        decide("app.example.com");
        clock.advance(Duration.ofMinutes(10));
        answer = PermissionDecision.denied("no more");

        assertThat(decide("app.example.com").verdict()).isEqualTo(Verdict.DENIED);
        assertThat(decide("app.example.com").verdict()).isEqualTo(Verdict.DENIED);
        assertThat(asked).hasValue(2);
    }

    @Test
    void allWhoWantToKnowAtTheSameTimeShareOneQuestion() {
        CompletableFuture<PermissionDecision> later = new CompletableFuture<>();
        PermissionMemory slow = memory(request -> later, Duration.ofSeconds(30));

        List<CompletableFuture<PermissionDecision>> waiting = IntStream.range(0, 500)
                .mapToObj(i -> slow.decide(request("app.example.com"), false).toCompletableFuture())
                .toList();
        assertThat(asked).hasValue(1);
        later.complete(PermissionDecision.denied("no"));

        assertThat(waiting).allSatisfy(one -> assertThat(one.join().reason()).isEqualTo("no"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aNameWithACertificateKeepsItWhileThePermissionCannotAnswer() {
        answer = PermissionDecision.unknown("the hook is down");

        assertThat(decide("new.example.com").verdict()).isEqualTo(Verdict.UNKNOWN);
        PermissionDecision kept = memory.decide(request("old.example.com"), true)
                .toCompletableFuture()
                .join();

        assertThat(kept).isEqualTo(PermissionDecision.allowed("it has a certificate already, and the hook is down"));
    }

    @Test
    void aNameThatWasDeniedDoesNotGainByAnOutage() {
        answer = PermissionDecision.denied("no tenant");
        decide("gone.example.com");
        clock.advance(Duration.ofHours(3));
        answer = PermissionDecision.unknown("the hook is down");

        assertThat(memory.decide(request("gone.example.com"), true)
                        .toCompletableFuture()
                        .join()
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void aPermissionThatThrowsIsUnknown() {
        PermissionMemory broken = memory(
                request -> {
                    throw new IllegalStateException("no pool");
                },
                Duration.ofSeconds(30));

        assertThat(broken.decide(request("app.example.com"), false)
                        .toCompletableFuture()
                        .join())
                .isEqualTo(
                        PermissionDecision.unknown("the permission failed (java.lang.IllegalStateException: no pool)"));
    }

    @Test
    void aPermissionThatNeverAnswersIsUnknownAfterItsTime() {
        PermissionMemory silent = memory(request -> new CompletableFuture<>(), Duration.ofMillis(50));

        assertThat(silent.decide(request("app.example.com"), false)
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join())
                .isEqualTo(PermissionDecision.unknown("the permission did not answer within 50 ms"));
    }

    @Test
    void aWorkerThatIsFullIsUnknownAndNoFailure() {
        PermissionMemory full = new PermissionMemory(
                OnDemand.permittedBy(name -> true),
                work -> {
                    throw new RejectedExecutionException("full");
                },
                clock,
                request -> {});

        assertThat(full.decide(request("app.example.com"), false)
                        .toCompletableFuture()
                        .join()
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void aFloodOfDeniedNamesPushesNoAllowedOneOut() {
        decide("app.example.com");
        answer = PermissionDecision.denied("no");
        for (int i = 0; i < 30_000; i++) {
            decide("n" + i + ".example.com");
        }
        asked.set(0);

        assertThat(decide("app.example.com").isAllowed()).isTrue();
        assertThat(asked).hasValue(0);
    }

    private PermissionMemory memory(IssuancePermission permission, Duration longestQuestion) {
        return new PermissionMemory(
                OnDemand.asking(permission), Runnable::run, clock, request -> asked.incrementAndGet(), longestQuestion);
    }

    private PermissionDecision decide(String name) {
        return memory.decide(request(name), false).toCompletableFuture().join();
    }

    private static PermissionRequest request(String name) {
        return PermissionRequest.of(ServerName.of(name));
    }
}
