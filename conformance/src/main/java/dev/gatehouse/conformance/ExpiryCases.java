package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CleaningProgress;
import dev.gatehouse.acme.ExpiringRecord;
import dev.gatehouse.acme.ExpiringRecords;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.RecordKey.Kind;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Finding and cleaning what expires. */
abstract class ExpiryCases extends StorageCases {

    ExpiryCases(CertificateStorageConformance suite) {
        super(suite);
    }

    @Test
    void whatExpiresIsFoundEarliestFirst() throws Exception {
        CertificateStorage storage = open();
        put(storage, "c", now().plus(Duration.ofDays(300)));
        put(storage, "a", now().plusSeconds(1));
        put(storage, "b", now().plus(Duration.ofDays(3)));
        storage.write(RecordKey.state("never"), bytes("x"), 0);
        storage.write(
                RecordKey.challenge("other kind"),
                bytes("x"),
                0,
                WriteTerms.none().expiringAt(now().plusSeconds(1)));

        ExpiringRecords all = open().expiring(Kind.STATE, Instant.MAX, 10);

        assertThat(all.records())
                .containsExactly(
                        new ExpiringRecord(RecordKey.state("a"), now().plusSeconds(1)),
                        new ExpiringRecord(RecordKey.state("b"), now().plus(Duration.ofDays(3))),
                        new ExpiringRecord(RecordKey.state("c"), now().plus(Duration.ofDays(300))));
        assertThat(all.next()).isEmpty();
    }

    @Test
    void theEndIsExclusive() throws Exception {
        CertificateStorage storage = open();
        put(storage, "a", now());
        put(storage, "b", now().plusMillis(1));

        assertThat(names(storage.expiring(Kind.STATE, now().plusMillis(1), 10))).containsExactly("a");
        assertThat(names(storage.expiring(Kind.STATE, now(), 10))).isEmpty();
        assertThat(names(storage.expiring(Kind.STATE, Instant.MIN, 10))).isEmpty();
    }

    @Test
    void theEarliestAndTheLatestMomentAreFound() throws Exception {
        CertificateStorage storage = open();
        put(storage, "last", Instant.parse("9999-12-31T23:59:59.999Z"));
        put(storage, "first", Instant.EPOCH);
        assertThat(names(storage.expiring(Kind.STATE, Instant.MAX, 10))).containsExactly("first", "last");
    }

    @Test
    void momentsAreKeptToTheMillisecond() throws Exception {
        CertificateStorage storage = open();
        Instant expiry = now().plusNanos(123_456_789);
        put(storage, "a", expiry);
        Instant kept = now().plusMillis(123);
        assertThat(storage.expiring(Kind.STATE, Instant.MAX, 1).records().get(0).expiresAt())
                .isEqualTo(kept);
        assertThat(storage.read(RecordKey.state("a")).orElseThrow().expiresAt()).contains(kept);
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() throws Exception {
        CertificateStorage storage = open();
        for (int i = 0; i < 25; i++) {
            put(storage, "name " + i, now().plus(Duration.ofMinutes(20L * (i / 4))));
        }
        List<String> seen = new ArrayList<>();
        List<Instant> moments = new ArrayList<>();

        ExpiringRecords page = storage.expiring(Kind.STATE, Instant.MAX, 7);
        while (true) {
            assertThat(page.records()).hasSizeLessThanOrEqualTo(7);
            seen.addAll(names(page));
            page.records().forEach(record -> moments.add(record.expiresAt()));
            if (page.next().isEmpty()) {
                break;
            }
            page = storage.expiring(Kind.STATE, Instant.MAX, 7, page.next().get());
        }

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 25).mapToObj(i -> "name " + i).toList());
        assertThat(moments).isSorted();
    }

    @Test
    void aFullLastPageHasNoNext() throws Exception {
        CertificateStorage storage = open();
        put(storage, "a", now());
        put(storage, "b", now());
        assertThat(storage.expiring(Kind.STATE, Instant.MAX, 2).next()).isEmpty();
        assertThat(storage.expiring(Kind.STATE, Instant.MAX, 1).next()).isPresent();
    }

    @Test
    void pagingGoesOnWhenItsLastRecordHasGone() throws Exception {
        CertificateStorage storage = open();
        StoredRecord first = put(storage, "a", now());
        put(storage, "b", now().plusSeconds(1));
        ExpiringRecords page = storage.expiring(Kind.STATE, Instant.MAX, 1);
        storage.delete(RecordKey.state("a"), first.version());

        assertThat(names(
                        storage.expiring(Kind.STATE, Instant.MAX, 1, page.next().orElseThrow())))
                .containsExactly("b");
    }

    @Test
    void aRenewedRecordIsFoundUnderItsNewExpiry() throws Exception {
        CertificateStorage storage = open();
        StoredRecord first = put(storage, "a", now().plusSeconds(1));
        Instant later = now().plus(Duration.ofDays(90));
        storage.write(
                RecordKey.state("a"),
                bytes("x"),
                first.version(),
                WriteTerms.none().expiringAt(later));

        assertThat(storage.expiring(Kind.STATE, Instant.MAX, 10).records())
                .contains(new ExpiringRecord(RecordKey.state("a"), later));
    }

    @Test
    void veryLongNamesAreFoundWhole() throws Exception {
        CertificateStorage storage = open();
        put(storage, "x".repeat(1024), now());
        put(storage, "\u20ac".repeat(1024), now());
        assertThat(names(storage.expiring(Kind.STATE, Instant.MAX, 10)))
                .containsExactlyInAnyOrder("x".repeat(1024), "\u20ac".repeat(1024));
    }

    @Test
    void cleaningRemovesWhatHasExpiredAndNothingElse() throws Exception {
        CertificateStorage storage = open();
        put(storage, "expired", now().minusSeconds(1));
        put(storage, "at the end", now());
        put(storage, "later", now().plusSeconds(1));
        storage.write(RecordKey.state("never"), bytes("x"), 0);
        storage.write(
                RecordKey.challenge("other kind"),
                bytes("x"),
                0,
                WriteTerms.none().expiringAt(now().minusSeconds(1)));

        CleaningProgress progress = open().clean(Kind.STATE, now(), 10);

        assertThat(progress).isEqualTo(new CleaningProgress(1, true));
        assertThat(storage.read(RecordKey.state("expired"))).isEmpty();
        assertThat(storage.read(RecordKey.state("at the end"))).isPresent();
        assertThat(storage.read(RecordKey.state("later"))).isPresent();
        assertThat(storage.read(RecordKey.state("never"))).isPresent();
        assertThat(storage.read(RecordKey.challenge("other kind"))).isPresent();
    }

    @Test
    void cleaningGoesInBoundedStepsEarliestFirst() throws Exception {
        CertificateStorage storage = open();
        for (int i = 0; i < 10; i++) {
            put(storage, "name " + i, now().minusSeconds(100 - i));
        }
        assertThat(storage.clean(Kind.STATE, now(), 4)).isEqualTo(new CleaningProgress(4, false));
        assertThat(storage.read(RecordKey.state("name 3"))).isEmpty();
        assertThat(storage.read(RecordKey.state("name 4"))).isPresent();
        storage.close();

        CertificateStorage reopened = open();
        assertThat(reopened.clean(Kind.STATE, now(), 4)).isEqualTo(new CleaningProgress(4, false));
        assertThat(reopened.clean(Kind.STATE, now(), 4)).isEqualTo(new CleaningProgress(2, true));
        assertThat(reopened.clean(Kind.STATE, now(), 4)).isEqualTo(new CleaningProgress(0, true));
    }

    @Test
    void cleaningSparesWhatWasRenewed() throws Exception {
        CertificateStorage storage = open();
        StoredRecord old = put(storage, "a", now().minusSeconds(1));
        storage.write(
                RecordKey.state("a"),
                bytes("new"),
                old.version(),
                WriteTerms.none().expiringAt(now().plusSeconds(60)));

        assertThat(storage.clean(Kind.STATE, now(), 10).removed()).isZero();
        assertThat(storage.read(RecordKey.state("a"))).isPresent();
    }

    @Test
    void severalNodesMayCleanAtOnce() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        for (int i = 0; i < 40; i++) {
            put(nodes.get(0), "name " + i, now().minusSeconds(1));
        }
        List<Integer> removed = atOnce(4, i -> () -> {
            int mine = 0;
            CleaningProgress progress;
            do {
                progress = nodes.get(i % 2).clean(Kind.STATE, now(), 10);
                mine += progress.removed();
            } while (!progress.finished());
            return mine;
        });
        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
        assertThat(nodes.get(0).expiring(Kind.STATE, Instant.MAX, 10).records()).isEmpty();
    }

    private static StoredRecord put(CertificateStorage storage, String name, Instant expiry) throws Exception {
        return storage.write(
                RecordKey.state(name), bytes("x"), 0, WriteTerms.none().expiringAt(expiry));
    }

    private static List<String> names(ExpiringRecords page) {
        return page.records().stream().map(record -> record.key().name()).toList();
    }
}
