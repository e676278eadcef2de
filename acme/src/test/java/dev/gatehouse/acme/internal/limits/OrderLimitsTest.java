package dev.gatehouse.acme.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.LogCapture;
import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.acme.MemoryStorage;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.RateLimit;
import dev.gatehouse.tls.ServerName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderLimitsTest {

    private final ManualClock clock = new ManualClock();
    private final MemoryStorage storage = new MemoryStorage();

    private static OnDemand unlimited() {
        return OnDemand.permittedBy(name -> true).burst(1_000, Duration.ofSeconds(1));
    }

    @Test
    void namesOfOneRegistrableDomainShareALimitAndEachRefusalSaysWhichAndWhenItFrees() {
        OrderLimits limits = limits(unlimited().perRegistrableDomain(RateLimit.of(2, Duration.ofMinutes(10))));

        assertThat(admit(limits, "a.example.co.uk")).isEmpty();
        assertThat(admit(limits, "b.x.example.co.uk")).isEmpty();

        assertThat(admit(limits, "c.example.co.uk"))
                .contains(new LimitRefusal(
                        "perRegistrableDomain",
                        "the limit of orders for names of example.co.uk (2 per 10 min) is used up;"
                                + " raise OnDemand.perRegistrableDomain for honest traffic",
                        clock.instant().plus(Duration.ofMinutes(5))));
        assertThat(admit(limits, "c.other.co.uk")).isEmpty();

        clock.advance(Duration.ofMinutes(5));
        assertThat(admit(limits, "c.example.co.uk")).isEmpty();
        assertThat(admit(limits, "d.example.co.uk")).isPresent();
    }

    @Test
    void domainsOfStrangersBelowAPrivateSuffixAreNotShared() {
        OrderLimits limits = limits(unlimited().perRegistrableDomain(RateLimit.of(1, Duration.ofMinutes(10))));

        assertThat(admit(limits, "me.github.io")).isEmpty();
        assertThat(admit(limits, "you.github.io")).isEmpty();
        assertThat(admit(limits, "www.me.github.io")).isPresent();
    }

    @Test
    void aClientIsAnIpv4AddressOrASixtyFourOfIpv6() throws UnknownHostException {
        OrderLimits limits = limits(unlimited().perClientAddress(RateLimit.of(1, Duration.ofMinutes(10))));

        assertThat(admit(limits, "a.test", "192.0.2.1")).isEmpty();
        assertThat(admit(limits, "b.test", "192.0.2.2")).isEmpty();
        assertThat(admit(limits, "c.test", "192.0.2.1"))
                .hasValueSatisfying(refusal ->
                        assertThat(refusal.reason()).contains("orders for the client 192.0.2.1 (1 per 10 min)"));

        assertThat(admit(limits, "d.test", "2001:db8:0:1::1")).isEmpty();
        assertThat(admit(limits, "e.test", "2001:db8:0:1:ffff::2"))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("2001:0db8:0000:0001::/64"));
        assertThat(admit(limits, "f.test", "2001:db8:0:2::1")).isEmpty();
    }

    @Test
    void behindALoopbackAddressIsEverybody() throws UnknownHostException {
        OrderLimits limits = limits(unlimited().perClientAddress(RateLimit.of(1, Duration.ofMinutes(10))));

        for (int i = 0; i < 10; i++) {
            assertThat(admit(limits, "a" + i + ".test", "127.0.0.1")).isEmpty();
        }
    }

    @Test
    void whoIsRefusedByHisOwnLimitTakesNothingFromTheOthers() throws UnknownHostException {
        OrderLimits limits = limits(OnDemand.permittedBy(name -> true)
                .burst(3, Duration.ofHours(1))
                .perClientAddress(RateLimit.of(1, Duration.ofHours(1))));

        assertThat(admit(limits, "a.test", "192.0.2.1")).isEmpty();
        for (int i = 0; i < 1_000; i++) {
            assertThat(admit(limits, "n" + i + ".test", "192.0.2.1")).isPresent();
        }

        assertThat(admit(limits, "b.test", "192.0.2.2")).isEmpty();
        assertThat(admit(limits, "c.test", "192.0.2.3")).isEmpty();
        assertThat(admit(limits, "d.test", "192.0.2.4"))
                .hasValueSatisfying(refusal -> assertThat(refusal.limit()).isEqualTo("burst"));
    }

    @Test
    void newNamesAreCountedOnceEachAndOverARestart() {
        OnDemand policy = unlimited().newNamesPerRegistrableDomain(RateLimit.of(3, Duration.ofDays(1)));
        OrderLimits limits = limits(policy);

        for (int i = 0; i < 5; i++) {
            assertThat(admit(limits, "a.example.com")).isEmpty();
        }
        assertThat(admit(limits, "b.example.com")).isEmpty();

        OrderLimits restarted = limits(policy);
        assertThat(admit(restarted, "c.example.com")).isEmpty();
        assertThat(admit(restarted, "d.example.com")).hasValueSatisfying(refusal -> {
            assertThat(refusal.limit()).isEqualTo("newNamesPerRegistrableDomain");
            assertThat(refusal.reason()).contains("new names of example.com (3 per 1 d)");
            assertThat(refusal.freesAt())
                    .isBetween(
                            clock.instant().plus(Duration.ofHours(23)),
                            clock.instant().plus(Duration.ofHours(24)).plusMillis(1));
        });
        assertThat(admit(restarted, "c.example.com")).isEmpty();
        assertThat(admit(restarted, "d.example.net")).isEmpty();

        clock.advance(Duration.ofHours(25));
        assertThat(admit(restarted, "d.example.com")).isEmpty();
    }

    @Test
    void aFloodOfNamesOfAFullDomainCostsNeitherStorageNorTheBurst() {
        OrderLimits limits = limits(OnDemand.permittedBy(name -> true)
                .burst(5, Duration.ofHours(1))
                .unlimitedPerRegistrableDomain()
                .newNamesPerRegistrableDomain(RateLimit.of(2, Duration.ofDays(1))));
        admit(limits, "a.example.com");
        admit(limits, "b.example.com");
        admit(limits, "c.example.com");
        int reads = storage.reads();

        for (int i = 0; i < 1_000; i++) {
            assertThat(admit(limits, "n" + i + ".example.com")).isPresent();
        }

        assertThat(storage.reads()).isEqualTo(reads);
        for (int i = 0; i < 3; i++) {
            assertThat(admit(limits, "a.example" + i + ".net")).isEmpty();
        }
        assertThat(admit(limits, "a.example9.net"))
                .hasValueSatisfying(refusal -> assertThat(refusal.limit()).isEqualTo("burst"));
    }

    @Test
    void whileStorageFailsTheOtherLimitsHold() {
        OrderLimits limits = limits(OnDemand.permittedBy(name -> true)
                .burst(2, Duration.ofHours(1))
                .newNamesPerRegistrableDomain(RateLimit.of(1, Duration.ofDays(1))));
        storage.fail(true);

        try (LogCapture log = new LogCapture()) {
            assertThat(admit(limits, "a.storage-fails.test")).isEmpty();
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .isEqualTo("WARN a.storage-fails.test: new names of storage-fails.test cannot be counted"
                                    + " (the disk is gone); only the other limits hold. Check the storage."));
        }
        assertThat(admit(limits, "b.storage-fails.test")).isEmpty();
        assertThat(admit(limits, "c.storage-fails.test")).isPresent();
    }

    @Test
    void limitsCanBeSwitchedOff() throws UnknownHostException {
        OrderLimits limits = limits(unlimited()
                .unlimitedPerRegistrableDomain()
                .unlimitedNewNamesPerRegistrableDomain()
                .unlimitedPerClientAddress());

        for (int i = 0; i < 500; i++) {
            assertThat(admit(limits, "n" + i + ".example.com", "192.0.2.1")).isEmpty();
        }
    }

    private OrderLimits limits(OnDemand policy) {
        return new OrderLimits(policy, storage, clock);
    }

    private static Optional<LimitRefusal> admit(OrderLimits limits, String name) {
        return limits.admit(PermissionRequest.of(ServerName.of(name)));
    }

    private static Optional<LimitRefusal> admit(OrderLimits limits, String name, String address)
            throws UnknownHostException {
        return limits.admit(PermissionRequest.of(ServerName.of(name), InetAddress.getByName(address)));
    }
}
