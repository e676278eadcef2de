package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CounterKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Counters. */
abstract class CounterCases extends StorageCases {

    private static final String NAME = "orders of example.com";
    private static final Duration HOUR = Duration.ofHours(1);

    CounterCases(CertificateStorageConformance suite) {
        super(suite);
    }

    @Test
    void whatWasNotCountedIsNothing() throws Exception {
        assertThat(open().counts(NAME, Instant.MIN)).isEmpty();
    }

    @Test
    void addingReturnsTheSumOfAllNodes() throws Exception {
        CertificateStorage one = open();
        CertificateStorage other = open();
        CounterKey key = new CounterKey(NAME, now());
        Instant end = now().plus(HOUR);

        assertThat(one.add(key, 3, end)).isEqualTo(3);
        assertThat(other.add(key, 4, end)).isEqualTo(7);
        assertThat(one.add(key, -2, end)).isEqualTo(5);
        assertThat(one.add(key, 0, end)).isEqualTo(5);
        assertThat(other.counts(NAME, Instant.MIN)).containsExactly(entry(now(), 5L));
    }

    @Test
    void bucketsAreCountedApartAndReadInOrder() throws Exception {
        CertificateStorage storage = open();
        Instant end = now().plus(Duration.ofDays(7));
        storage.add(new CounterKey(NAME, now().plus(HOUR)), 2, end);
        storage.add(new CounterKey(NAME, now()), 1, end);
        storage.add(new CounterKey(NAME, now().minus(HOUR)), 5, end);
        storage.add(new CounterKey("another", now()), 9, end);

        assertThat(storage.counts(NAME, now())).containsExactly(entry(now(), 1L), entry(now().plus(HOUR), 2L));
    }

    @Test
    void aBucketIsForgottenFromItsMomentOn() throws Exception {
        CertificateStorage storage = open();
        CounterKey key = new CounterKey(NAME, now());
        storage.add(key, 5, now().plus(HOUR));
        Instant start = now();
        advance(HOUR.minusMillis(1));
        assertThat(storage.counts(NAME, Instant.MIN)).containsExactly(entry(start, 5L));

        advance(Duration.ofMillis(1));

        assertThat(storage.counts(NAME, Instant.MIN)).isEmpty();
        assertThat(storage.add(key, 1, now().plus(HOUR))).isEqualTo(1);
    }

    @Test
    void theLatestMomentOfForgettingHolds() throws Exception {
        CertificateStorage storage = open();
        CounterKey key = new CounterKey(NAME, now());
        storage.add(key, 1, now().plus(HOUR.multipliedBy(2)));
        storage.add(key, 1, now().plus(HOUR));
        advance(HOUR);
        assertThat(storage.counts(NAME, Instant.MIN).values()).containsExactly(2L);
    }

    @Test
    void countsSurviveReopening() throws Exception {
        CertificateStorage before = open();
        before.add(new CounterKey(NAME, now()), 41, now().plus(HOUR));
        before.close();
        assertThat(open().add(new CounterKey(NAME, now()), 1, now().plus(HOUR))).isEqualTo(42);
    }

    @Test
    void noAdditionIsLostAmongMany() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        CounterKey key = new CounterKey(NAME, now());
        Instant end = now().plus(HOUR);
        List<Long> last = atOnce(8, i -> () -> {
            long sum = 0;
            for (int n = 0; n < 12; n++) {
                sum = nodes.get(i % 2).add(key, 1, end);
            }
            return sum;
        });
        assertThat(last).doesNotHaveDuplicates().contains(96L);
        assertThat(nodes.get(0).counts(NAME, Instant.MIN)).containsExactly(entry(now(), 96L));
    }

    @Test
    void sweepingKeepsWhatIsNotForgotten() throws Exception {
        CertificateStorage storage = open();
        storage.add(new CounterKey(NAME, now()), 1, now().plus(HOUR));
        storage.add(new CounterKey("another", now()), 2, now().plus(HOUR.multipliedBy(3)));
        Instant start = now();
        advance(HOUR.multipliedBy(2));

        while (!storage.sweep(1).finished()) {
            assertThat(now()).isAfter(start);
        }

        assertThat(storage.counts(NAME, Instant.MIN)).isEmpty();
        assertThat(storage.counts("another", Instant.MIN)).containsExactly(entry(start, 2L));
    }

    @Test
    void namesOfCountersAreFree() throws Exception {
        CertificateStorage storage = open();
        List<String> names = List.of("x".repeat(1024), "a/../b", "\u20ac", " ", "A", "a");
        for (int i = 0; i < names.size(); i++) {
            storage.add(new CounterKey(names.get(i), now()), i + 1, now().plus(HOUR));
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(storage.counts(names.get(i), now())).containsExactly(entry(now(), i + 1L));
        }
    }
}
