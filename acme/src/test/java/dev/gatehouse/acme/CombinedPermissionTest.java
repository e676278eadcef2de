package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinedPermissionTest {

    private final AtomicInteger asked = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "ALLOWED, DENIED, ALLOWED, DENIED",
        "DENIED, ALLOWED, ALLOWED, DENIED",
        "ALLOWED, ALLOWED, ALLOWED, ALLOWED",
        "DENIED, DENIED, DENIED, DENIED",
        "UNKNOWN, ALLOWED, ALLOWED, UNKNOWN",
        "ALLOWED, UNKNOWN, ALLOWED, UNKNOWN",
        "UNKNOWN, DENIED, UNKNOWN, DENIED",
        "DENIED, UNKNOWN, UNKNOWN, DENIED"
    })
    void truthTable(Verdict first, Verdict second, Verdict any, Verdict all) {
        assertThat(ask(IssuancePermission.anyOf(says(first), says(second))).verdict())
                .isEqualTo(any);
        assertThat(ask(IssuancePermission.allOf(says(first), says(second))).verdict())
                .isEqualTo(all);
    }

    @Test
    void nobodyIsAskedOnceItIsSettled() {
        ask(IssuancePermission.anyOf(says(Verdict.ALLOWED), says(Verdict.DENIED)));
        ask(IssuancePermission.allOf(says(Verdict.DENIED), says(Verdict.ALLOWED)));

        assertThat(asked).hasValue(2);
    }

    @Test
    void oneThatThrowsOrFailsIsUnknownAndTheOthersAreAsked() {
        IssuancePermission throwing = request -> {
            throw new IllegalStateException("no pool");
        };
        IssuancePermission failing = request -> CompletableFuture.failedFuture(new IllegalStateException("no net"));

        assertThat(ask(IssuancePermission.anyOf(throwing, failing, says(Verdict.ALLOWED)))
                        .verdict())
                .isEqualTo(Verdict.ALLOWED);
        assertThat(ask(IssuancePermission.anyOf(throwing, says(Verdict.DENIED))))
                .isEqualTo(
                        PermissionDecision.unknown("the permission failed (java.lang.IllegalStateException: no pool)"));
    }

    @Test
    void theShortestTimeHolds() {
        IssuancePermission combined = IssuancePermission.allOf(
                request -> done(PermissionDecision.allowed("a").validFor(Duration.ofSeconds(60))),
                request -> done(PermissionDecision.allowed("b").validFor(Duration.ofSeconds(5))),
                says(Verdict.ALLOWED));

        assertThat(ask(combined).validFor()).contains(Duration.ofSeconds(5));
    }

    @Test
    void reasonsTellWhoHasDecided() {
        IssuancePermission combined = IssuancePermission.anyOf(
                IssuancePermission.of(name -> false).named("tenants"),
                IssuancePermission.matching(Pattern.compile("[a-z]+\\.apps\\.test"))
                        .named("apps"));

        assertThat(ask(combined).reason())
                .isEqualTo("tenants: the application does not permit it;"
                        + " apps: it does not match [a-z]+\\.apps\\.test");
    }

    @Test
    void aPatternMatchesTheWholeName() {
        IssuancePermission pattern = IssuancePermission.matching(Pattern.compile("[a-z]+\\.example\\.com"));

        assertThat(ask(pattern, "app.example.com").isAllowed()).isTrue();
        assertThat(ask(pattern, "APP.Example.COM").isAllowed()).isTrue();
        assertThat(ask(pattern, "app.example.com.evil.test").isAllowed()).isFalse();
        assertThat(ask(pattern, "x.app.example.com").isAllowed()).isFalse();
    }

    @Test
    void notTurnsAnAnswerRoundAndLeavesAnOpenQuestion() {
        assertThat(ask(IssuancePermission.not(says(Verdict.ALLOWED))).verdict()).isEqualTo(Verdict.DENIED);
        assertThat(ask(IssuancePermission.not(says(Verdict.DENIED))).verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(ask(IssuancePermission.not(says(Verdict.UNKNOWN))).verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void anAsynchronousPredicateAnswersLater() {
        CompletableFuture<Boolean> later = new CompletableFuture<>();
        CompletableFuture<PermissionDecision> decision = IssuancePermission.ofAsync(name -> later)
                .decide(PermissionRequest.of(ServerName.of("app.example.com")))
                .toCompletableFuture();

        assertThat(decision).isNotDone();
        later.complete(true);
        assertThat(decision.join().isAllowed()).isTrue();
    }

    @Test
    void nothingIsPermittedByDefaultAndAllOfNothingIsRefused() {
        assertThat(ask(IssuancePermission.none())).isEqualTo(PermissionDecision.denied("no permission is configured"));
        assertThatThrownBy(IssuancePermission::allOf).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingClosesAllThatWereGiven() {
        IssuancePermission closing = new IssuancePermission() {
            @Override
            public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
                return done(PermissionDecision.denied("no"));
            }

            @Override
            public void close() {
                asked.incrementAndGet();
            }
        };

        IssuancePermission.anyOf(closing, IssuancePermission.not(closing), closing.named("third"))
                .close();

        assertThat(asked).hasValue(3);
    }

    private IssuancePermission says(Verdict verdict) {
        return request -> {
            asked.incrementAndGet();
            return done(new PermissionDecision(verdict, "it is " + verdict, java.util.Optional.empty()));
        };
    }

    private static CompletionStage<PermissionDecision> done(PermissionDecision decision) {
        return CompletableFuture.completedFuture(decision);
    }

    private static PermissionDecision ask(IssuancePermission permission) {
        return ask(permission, "app.example.com");
    }

    private static PermissionDecision ask(IssuancePermission permission, String name) {
        return permission
                .decide(PermissionRequest.of(ServerName.of(name)))
                .toCompletableFuture()
                .join();
    }
}
