package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.Lease;
import dev.gatehouse.acme.LeaseLostException;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Leases and writes that are fenced by them. */
abstract class LeaseCases extends StorageCases {

    private static final String RESOURCE = "issue app.example.com";
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final RecordKey KEY = RecordKey.state("app.example.com");

    LeaseCases(CertificateStorageConformance suite) {
        super(suite);
    }

    @Test
    void aLeaseSaysWhoHoldsWhatUntilWhen() throws Exception {
        CertificateStorage node = open();
        Lease lease = node.acquire(RESOURCE, LENGTH).orElseThrow();
        Lease elsewhere = open().acquire("something else", LENGTH).orElseThrow();

        assertThat(lease.resource()).isEqualTo(RESOURCE);
        assertThat(lease.expiresAt()).isEqualTo(now().plus(LENGTH));
        assertThat(lease.fencingNumber()).isPositive();
        assertThat(lease.owner()).isNotBlank().isNotEqualTo(elsewhere.owner());
    }

    @Test
    void whatOneHoldsNobodyElseGets() throws Exception {
        CertificateStorage holder = open();
        assertThat(holder.acquire(RESOURCE, LENGTH)).isPresent();

        assertThat(open().acquire(RESOURCE, LENGTH)).isEmpty();
        assertThat(holder.acquire(RESOURCE, LENGTH)).as("not re-entrant").isEmpty();
        assertThat(open().acquire("issue other.example.com", LENGTH)).isPresent();
    }

    @Test
    void whatWasReleasedAnotherGetsAtOnce() throws Exception {
        CertificateStorage one = open();
        Lease first = one.acquire(RESOURCE, LENGTH).orElseThrow();
        one.release(first);

        Lease second = open().acquire(RESOURCE, LENGTH).orElseThrow();

        assertThat(second.fencingNumber()).isGreaterThan(first.fencingNumber());
        assertThatThrownBy(() -> one.renew(first, LENGTH)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aReleaseThatComesLateChangesNothing() throws Exception {
        CertificateStorage one = open();
        Lease first = one.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(LENGTH);
        CertificateStorage other = open();
        Lease second = other.acquire(RESOURCE, LENGTH).orElseThrow();

        one.release(first);
        one.release(first);

        assertThat(one.acquire(RESOURCE, LENGTH)).isEmpty();
        assertThat(other.renew(second, LENGTH).fencingNumber()).isEqualTo(second.fencingNumber());
    }

    @Test
    void anExpiredLeaseIsTakenOver() throws Exception {
        Lease first = open().acquire(RESOURCE, LENGTH).orElseThrow();
        CertificateStorage other = open();
        advance(LENGTH.minusMillis(1));
        assertThat(other.acquire(RESOURCE, LENGTH)).isEmpty();

        advance(Duration.ofMillis(1));
        Lease second = other.acquire(RESOURCE, LENGTH).orElseThrow();

        assertThat(second.fencingNumber()).isGreaterThan(first.fencingNumber());
        assertThat(second.owner()).isNotEqualTo(first.owner());
    }

    @Test
    void renewingKeepsOthersAway() throws Exception {
        CertificateStorage holder = open();
        Lease lease = holder.acquire(RESOURCE, LENGTH).orElseThrow();
        for (int i = 0; i < 5; i++) {
            advance(LENGTH.dividedBy(2));
            Lease renewed = holder.renew(lease, LENGTH);
            assertThat(renewed.fencingNumber()).isEqualTo(lease.fencingNumber());
            assertThat(renewed.expiresAt()).isEqualTo(now().plus(LENGTH));
            lease = renewed;
        }
        assertThat(open().acquire(RESOURCE, LENGTH)).isEmpty();
    }

    @Test
    void anExpiredLeaseThatNobodyTookIsRenewed() throws Exception {
        CertificateStorage holder = open();
        Lease lease = holder.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(LENGTH.multipliedBy(10));

        assertThat(holder.renew(lease, LENGTH).expiresAt()).isEqualTo(now().plus(LENGTH));
        assertThat(open().acquire(RESOURCE, LENGTH)).isEmpty();
    }

    @Test
    void aHolderThatWasFrozenCanNeitherWriteNorRenew() throws Exception {
        CertificateStorage frozen = open();
        Lease old = frozen.acquire(RESOURCE, LENGTH).orElseThrow();
        StoredRecord before =
                frozen.write(KEY, bytes("before"), 0, WriteTerms.none().fencedBy(old));
        advance(LENGTH.multipliedBy(2));
        CertificateStorage successor = open();
        Lease next = successor.acquire(RESOURCE, LENGTH).orElseThrow();

        assertThatThrownBy(() -> frozen.write(
                        KEY, bytes("late"), before.version(), WriteTerms.none().fencedBy(old)))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining(RESOURCE);
        assertThatThrownBy(() -> frozen.renew(old, LENGTH)).isInstanceOf(LeaseLostException.class);
        assertThat(successor.read(KEY).orElseThrow().content()).isEqualTo(bytes("before"));

        successor.write(KEY, bytes("next"), before.version(), WriteTerms.none().fencedBy(next));
        assertThat(frozen.read(KEY).orElseThrow().content()).isEqualTo(bytes("next"));
    }

    @Test
    void aFrozenHolderCannotWriteAfterItsSuccessorHasReleasedEither() throws Exception {
        CertificateStorage frozen = open();
        Lease old = frozen.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(LENGTH);
        CertificateStorage successor = open();
        successor.release(successor.acquire(RESOURCE, LENGTH).orElseThrow());

        assertThatThrownBy(() ->
                        frozen.write(KEY, bytes("late"), 0, WriteTerms.none().fencedBy(old)))
                .isInstanceOf(LeaseLostException.class);
        assertThat(frozen.read(KEY)).isEmpty();
    }

    @Test
    void aReleasedLeaseFencesNoWrite() throws Exception {
        CertificateStorage node = open();
        Lease lease = node.acquire(RESOURCE, LENGTH).orElseThrow();
        node.release(lease);
        assertThatThrownBy(() ->
                        node.write(KEY, bytes("late"), 0, WriteTerms.none().fencedBy(lease)))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void aSlowHolderStillWritesAsLongAsNobodyTookOver() throws Exception {
        CertificateStorage slow = open();
        Lease lease = slow.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(LENGTH.multipliedBy(10));
        slow.write(KEY, bytes("late, but alone"), 0, WriteTerms.none().fencedBy(lease));
        assertThat(slow.read(KEY)).isPresent();
    }

    @Test
    void aRenewedLeaseFencesByItsNumber() throws Exception {
        CertificateStorage node = open();
        Lease first = node.acquire(RESOURCE, LENGTH).orElseThrow();
        Lease renewed = node.renew(first, LENGTH);
        long version = node.write(KEY, bytes("a"), 0, WriteTerms.none().fencedBy(first))
                .version();
        node.write(KEY, bytes("b"), version, WriteTerms.none().fencedBy(renewed));
        assertThat(node.read(KEY).orElseThrow().content()).isEqualTo(bytes("b"));
    }

    @Test
    void aClockThatIsSetBackMakesNoTwoWriters() throws Exception {
        CertificateStorage one = open();
        CertificateStorage other = open();
        Lease early = one.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(Duration.ofHours(1));
        Lease late = other.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(Duration.ofHours(-1));

        assertThat(late.fencingNumber()).isGreaterThan(early.fencingNumber());
        assertThatThrownBy(() ->
                        one.write(KEY, bytes("early"), 0, WriteTerms.none().fencedBy(early)))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> one.renew(early, LENGTH)).isInstanceOf(LeaseLostException.class);
        other.write(KEY, bytes("late"), 0, WriteTerms.none().fencedBy(late));
    }

    @Test
    void aLeaseFromAClockFarAheadDoesNotBlockForYears() throws Exception {
        CertificateStorage ahead = open();
        advance(Duration.ofDays(3650));
        Lease far = ahead.acquire(RESOURCE, LENGTH).orElseThrow();
        advance(Duration.ofDays(-3650));

        Optional<Lease> next = open().acquire(RESOURCE, LENGTH);

        assertThat(next).isPresent();
        assertThat(next.get().fencingNumber()).isGreaterThan(far.fencingNumber());
        assertThatThrownBy(() ->
                        ahead.write(KEY, bytes("far"), 0, WriteTerms.none().fencedBy(far)))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void closingReleasesWhatWasTaken() throws Exception {
        CertificateStorage leaving = open();
        Lease lease = leaving.acquire(RESOURCE, LENGTH).orElseThrow();
        leaving.close();

        assertThat(open().acquire(RESOURCE, LENGTH).orElseThrow().fencingNumber())
                .isGreaterThan(lease.fencingNumber());
    }

    @Test
    void fencingNumbersGrowOverReopening() throws Exception {
        long last = 0;
        for (int i = 0; i < 4; i++) {
            CertificateStorage node = open();
            long number = node.acquire(RESOURCE, LENGTH).orElseThrow().fencingNumber();
            assertThat(number).isGreaterThan(last);
            last = number;
            node.close();
        }
    }

    @Test
    void ofManyWhoAskAtOnceOneHolds() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        List<Optional<Lease>> leases = atOnce(16, i -> () -> nodes.get(i % 2).acquire(RESOURCE, LENGTH));
        assertThat(leases.stream().filter(Optional::isPresent)).hasSize(1);
    }

    @Test
    void everyChangeOfHandsHasANumberOfItsOwnAlsoInARace() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        ConcurrentLinkedQueue<Long> numbers = new ConcurrentLinkedQueue<>();
        atOnce(8, i -> () -> {
            CertificateStorage node = nodes.get(i % 2);
            for (int attempt = 0; attempt < 20; attempt++) {
                Optional<Lease> lease = node.acquire(RESOURCE, LENGTH);
                if (lease.isPresent()) {
                    numbers.add(lease.get().fencingNumber());
                    node.release(lease.get());
                }
            }
            return i;
        });
        assertThat(List.copyOf(numbers)).isNotEmpty().doesNotHaveDuplicates().isSorted();
    }
}
