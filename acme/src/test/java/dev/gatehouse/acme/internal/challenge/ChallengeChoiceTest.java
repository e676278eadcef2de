package dev.gatehouse.acme.internal.challenge;

import static dev.gatehouse.acme.ChallengeType.DNS_01;
import static dev.gatehouse.acme.ChallengeType.HTTP_01;
import static dev.gatehouse.acme.ChallengeType.TLS_ALPN_01;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.ChallengeOrder;
import dev.gatehouse.acme.ChallengePublication;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ChallengeChoiceTest {

    private static final Set<ChallengeType> ALL = EnumSet.allOf(ChallengeType.class);
    private static final ServerName APP = ServerName.of("app.example.com");

    private final ChallengeMemory memory = new ChallengeMemory();
    private boolean hasGate = true;

    private record Solver(ChallengeType type, BooleanSupplier isReady) implements ChallengeSolver {

        @Override
        public Optional<String> hindrance() {
            return isReady.getAsBoolean() ? Optional.empty() : Optional.of("nobody answers");
        }

        @Override
        public CompletionStage<ChallengePublication> publish(SubjectName name, String token, String keyAuthorization) {
            return CompletableFuture.failedFuture(new IllegalStateException());
        }
    }

    private ChallengeChoice choice(Set<ChallengeType> restriction, ChallengeType... types) {
        List<ChallengeSolver> solvers = Arrays.stream(types)
                .<ChallengeSolver>map(type -> new Solver(type, () -> type != TLS_ALPN_01 || hasGate))
                .toList();
        return new ChallengeChoice(solvers, restriction, memory);
    }

    @Test
    void theOrderIsThatOfTheSettings() {
        assertThat(choice(ALL, DNS_01, HTTP_01, TLS_ALPN_01).choose(APP, ALL).possible())
                .containsExactly(DNS_01, HTTP_01, TLS_ALPN_01);
    }

    @Test
    void wildcardNamesHaveDnsOnly() {
        ChallengeOrder order = choice(ALL, HTTP_01, TLS_ALPN_01, DNS_01).choose(WildcardName.of("*.example.com"), ALL);

        assertThat(order.possible()).containsExactly(DNS_01);
        assertThat(order.leftOut())
                .containsEntry(HTTP_01, "it cannot validate wildcard names")
                .containsEntry(TLS_ALPN_01, "it cannot validate wildcard names");
    }

    @Test
    void addressesHaveNoDns() {
        ChallengeOrder order = choice(ALL, DNS_01, HTTP_01, TLS_ALPN_01).choose(ServerName.of("192.0.2.1"), ALL);

        assertThat(order.possible()).containsExactly(HTTP_01, TLS_ALPN_01);
        assertThat(order.leftOut()).containsEntry(DNS_01, "it cannot validate IP addresses");
    }

    @Test
    void eachTypeThatIsLeftOutHasItsReason() {
        hasGate = false;

        ChallengeOrder order = choice(ALL, HTTP_01, TLS_ALPN_01).choose(APP, EnumSet.of(TLS_ALPN_01, DNS_01));

        assertThat(order.possible()).isEmpty();
        assertThat(order.leftOut())
                .containsEntry(HTTP_01, "the certificate authority does not offer it")
                .containsEntry(TLS_ALPN_01, "nobody answers")
                .containsEntry(DNS_01, "no DNS provider is set, see dns01(…)");
        assertThat(choice(EnumSet.of(HTTP_01), HTTP_01).choose(APP, ALL).leftOut())
                .containsEntry(TLS_ALPN_01, "challenges(…) does not name it");
    }

    @Test
    void aGateThatComesLaterCounts() {
        ChallengeChoice choice = choice(ALL, HTTP_01, TLS_ALPN_01);
        hasGate = false;
        assertThat(choice.types()).containsExactly(HTTP_01);

        hasGate = true;

        assertThat(choice.types()).containsExactly(HTTP_01, TLS_ALPN_01);
    }

    @Test
    void whatWorkedForANameComesFirstAndWhatFailedLastComesLast() {
        ChallengeChoice choice = choice(ALL, DNS_01, HTTP_01, TLS_ALPN_01);

        memory.failed(DNS_01, APP);
        memory.failed(HTTP_01, APP);
        assertThat(choice.choose(APP, ALL).possible()).containsExactly(TLS_ALPN_01, DNS_01, HTTP_01);

        memory.validated(HTTP_01, APP);
        assertThat(choice.choose(APP, ALL).possible()).containsExactly(HTTP_01, TLS_ALPN_01, DNS_01);

        memory.failed(HTTP_01, APP);
        assertThat(choice.choose(APP, ALL).possible()).containsExactly(TLS_ALPN_01, DNS_01, HTTP_01);
    }

    @Test
    void namesForWhichEverythingFailsSayNothingAboutOthers() {
        ChallengeChoice choice = choice(ALL, HTTP_01, TLS_ALPN_01);

        for (int i = 0; i < 100; i++) {
            memory.failed(HTTP_01, ServerName.of("broken-" + i + ".example.com"));
            memory.failed(TLS_ALPN_01, ServerName.of("broken-" + i + ".example.com"));
        }

        assertThat(choice.choose(APP, ALL).possible()).containsExactly(HTTP_01, TLS_ALPN_01);
    }

    @Test
    void aTypeThatLosesAgainAndAgainComesLastUntilItWorksSomewhere() {
        ChallengeChoice choice = choice(ALL, HTTP_01, TLS_ALPN_01);

        for (int i = 0; i < ChallengeMemory.LOST_TOO_OFTEN; i++) {
            assertThat(choice.choose(APP, ALL).possible()).containsExactly(HTTP_01, TLS_ALPN_01);
            memory.failed(HTTP_01, ServerName.of("tenant-" + i + ".example.com"));
            memory.validated(TLS_ALPN_01, ServerName.of("tenant-" + i + ".example.com"));
        }
        assertThat(choice.choose(APP, ALL).possible()).containsExactly(TLS_ALPN_01, HTTP_01);

        memory.validated(HTTP_01, ServerName.of("other.example.com"));
        assertThat(choice.choose(APP, ALL).possible()).containsExactly(HTTP_01, TLS_ALPN_01);
    }
}
