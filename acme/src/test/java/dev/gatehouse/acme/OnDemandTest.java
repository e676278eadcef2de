package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnDemandTest {

    private static final RateLimit LIMIT = RateLimit.of(3, Duration.ofHours(1));

    /** A change with the name of its setting. */
    private record Change(String setting, java.util.function.UnaryOperator<OnDemand> apply) {

        @Override
        public String toString() {
            return setting;
        }
    }

    @Test
    void everythingHasADefault() {
        OnDemand policy = OnDemand.permittedBy(name -> true);

        assertThat(policy.burst()).isEqualTo(5);
        assertThat(policy.interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.perRegistrableDomain()).contains(RateLimit.of(20, Duration.ofMinutes(10)));
        assertThat(policy.newNamesPerRegistrableDomain()).contains(RateLimit.of(100, Duration.ofDays(1)));
        assertThat(policy.perClientAddress()).contains(RateLimit.of(20, Duration.ofMinutes(10)));
        assertThat(policy.waitAtMost()).isEqualTo(Duration.ofSeconds(25));
        assertThat(policy.maximumWaiters()).isEqualTo(1_000);
        assertThat(policy.remembering().denied()).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.preflight()).isPresent();
    }

    @Test
    void aChangeGivesAnotherPolicyAndLeavesTheFirst() {
        OnDemand first = OnDemand.permittedBy(name -> true);

        OnDemand second = first.perClientAddress(LIMIT).unlimitedPerRegistrableDomain();

        assertThat(second.perClientAddress()).contains(LIMIT);
        assertThat(second.perRegistrableDomain()).isEmpty();
        assertThat(first.perClientAddress()).isNotEqualTo(second.perClientAddress());
        assertThat(first.perRegistrableDomain()).isPresent();
    }

    static Stream<Change> contradictions() {
        return Stream.of(
                new Change("burst", p -> p.burst(1, Duration.ofSeconds(1)).burst(2, Duration.ofSeconds(1))),
                new Change(
                        "perRegistrableDomain",
                        p -> p.perRegistrableDomain(LIMIT).unlimitedPerRegistrableDomain()),
                new Change(
                        "newNamesPerRegistrableDomain",
                        p -> p.unlimitedNewNamesPerRegistrableDomain().newNamesPerRegistrableDomain(LIMIT)),
                new Change("perClientAddress", p -> p.perClientAddress(LIMIT).unlimitedPerClientAddress()),
                new Change(
                        "waitAtMost", p -> p.waitAtMost(Duration.ofSeconds(1)).waitAtMost(Duration.ofSeconds(2))),
                new Change("maximumWaiters", p -> p.maximumWaiters(1).maximumWaiters(2)),
                new Change(
                        "remembering",
                        p -> p.remembering(OnDemand.Remembering.standard())
                                .remembering(OnDemand.Remembering.standard())),
                new Change(
                        "preflight",
                        p -> p.preflight(PreflightChecks.standard()).withoutPreflight()));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void nothingIsSetTwice(Change change) {
        OnDemand policy = OnDemand.permittedBy(name -> true);

        assertThatThrownBy(() -> change.apply().apply(policy))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(change.setting() + " is set twice")
                .hasMessageEndingWith("Set it once.");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        OnDemand policy = OnDemand.permittedBy(name -> true);

        assertThatThrownBy(() -> policy.burst(0, Duration.ofSeconds(1)))
                .hasMessageContaining("0 (expected: at least 1)");
        assertThatThrownBy(() -> policy.waitAtMost(Duration.ofMinutes(6))).hasMessageContaining("at most 5 minutes");
        assertThatThrownBy(() -> policy.maximumWaiters(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> RateLimit.of(1, Duration.ZERO)).hasMessageContaining("more than zero");
        assertThatThrownBy(() ->
                        new OnDemand.Remembering(Duration.ofDays(2), Duration.ofMinutes(1), Duration.ofSeconds(1)))
                .hasMessageContaining("allowed: PT48H (expected: more than zero, at most one day)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost", "", "1.2.3.4.5", "::g"})
    void serverAddressesAreAddresses(String text) {
        assertThatThrownBy(() -> PreflightChecks.standard().serverAddresses(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Server address '" + text + "' is not an IP address");
    }

    @Test
    void preflightSettingsAreSetOnce() {
        PreflightChecks checks = PreflightChecks.standard()
                .serverAddresses("192.0.2.10", "2001:db8::10")
                .http01Address(new InetSocketAddress("127.0.0.1", 80))
                .withoutCaa();

        assertThat(checks.serverAddresses()).hasSize(2);
        assertThat(checks.isCaaChecked()).isFalse();
        assertThatThrownBy(() -> checks.serverAddresses("192.0.2.11")).hasMessageContaining("set twice");
        assertThatThrownBy(() -> checks.http01Address(new InetSocketAddress("127.0.0.1", 81)))
                .hasMessageContaining("set twice");
    }

    @Test
    void theLimitsOfAnAuthorityCanBeChanged() {
        CaLimits limits = CaLimits.letsEncrypt().certificatesPerRegisteredDomain(RateLimit.of(500, Duration.ofDays(7)));

        assertThat(limits)
                .hasToString("orders per account: 300 per 3 h, certificates per registered domain: 500 per 7 d,"
                        + " certificates per set of names: 5 per 7 d, failed validations per name: 5 per 1 h");
        assertThat(CaLimits.none().ordersPerAccount()).isEmpty();
    }
}
