package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.StaleRecordException;
import dev.gatehouse.acme.StoredRecord;
import dev.gatehouse.acme.WriteTerms;
import dev.gatehouse.tls.ServerName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Records and their versions. */
abstract class RecordCases extends StorageCases {

    private static final RecordKey KEY = RecordKey.certificate(ServerName.of("app.example.com"));

    RecordCases(CertificateStorageConformance suite) {
        super(suite);
    }

    @Test
    void whatWasNotWrittenIsAbsent() throws Exception {
        assertThat(open().read(KEY)).isEmpty();
    }

    @Test
    void whatOneNodeWritesAnotherReads() throws Exception {
        CertificateStorage one = open();
        CertificateStorage other = open();

        StoredRecord written = one.write(KEY, bytes("first"), CertificateStorage.ABSENT);

        StoredRecord read = other.read(KEY).orElseThrow();
        assertThat(read.content()).isEqualTo(bytes("first")).isEqualTo(written.content());
        assertThat(read.version()).isEqualTo(written.version()).isPositive();
        assertThat(read.expiresAt()).isEmpty();
    }

    @Test
    void whatWasWrittenIsReadAfterReopening() throws Exception {
        CertificateStorage before = open();
        StoredRecord written = before.write(KEY, bytes("first"), CertificateStorage.ABSENT);
        before.close();

        assertThat(open().read(KEY).orElseThrow().version()).isEqualTo(written.version());
    }

    @Test
    void everyByteIsKept() throws Exception {
        CertificateStorage storage = open();
        byte[] all = new byte[512];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        storage.write(KEY, all, CertificateStorage.ABSENT);
        assertThat(storage.read(KEY).orElseThrow().content()).isEqualTo(all);
    }

    @Test
    void recordsOfDifferentKindsAndNamesDoNotMeet() throws Exception {
        CertificateStorage storage = open();
        storage.write(KEY, bytes("certificate"), CertificateStorage.ABSENT);

        assertThat(storage.read(RecordKey.account(KEY.name()))).isEmpty();
        assertThat(storage.read(RecordKey.challenge(KEY.name()))).isEmpty();
        assertThat(storage.read(RecordKey.state(KEY.name()))).isEmpty();
        assertThat(storage.read(RecordKey.certificate(ServerName.of("example.com"))))
                .isEmpty();
    }

    @Test
    void everyWriteHasAHigherVersion() throws Exception {
        CertificateStorage storage = open();
        long version = CertificateStorage.ABSENT;
        for (int i = 0; i < 5; i++) {
            long next = storage.write(KEY, bytes("content " + i), version).version();
            assertThat(next).isGreaterThan(version);
            version = next;
        }
    }

    @Test
    void aStaleWriterIsRefusedAndChangesNothing() throws Exception {
        CertificateStorage storage = open();
        long first =
                storage.write(KEY, bytes("first"), CertificateStorage.ABSENT).version();
        long second = storage.write(KEY, bytes("second"), first).version();

        assertThatThrownBy(() -> storage.write(KEY, bytes("late"), first))
                .isInstanceOf(StaleRecordException.class)
                .hasMessage("CERTIFICATE app.example.com: has version " + second + ", not " + first
                        + ". Somebody else has written it; read it again.");
        assertThatThrownBy(() -> storage.write(KEY, bytes("new"), CertificateStorage.ABSENT))
                .isInstanceOf(StaleRecordException.class);
        assertThatThrownBy(() -> storage.write(KEY, bytes("early"), second + 1))
                .isInstanceOf(StaleRecordException.class);
        assertThatThrownBy(() -> storage.delete(KEY, first)).isInstanceOf(StaleRecordException.class);

        assertThat(storage.read(KEY).orElseThrow().content()).isEqualTo(bytes("second"));
    }

    @Test
    void aWriterOfARecordThatIsGoneIsRefused() throws Exception {
        CertificateStorage storage = open();
        assertThatThrownBy(() -> storage.write(KEY, bytes("late"), 7)).isInstanceOf(StaleRecordException.class);
        assertThatThrownBy(() -> storage.delete(KEY, 7)).isInstanceOf(StaleRecordException.class);
        assertThat(storage.read(KEY)).isEmpty();
    }

    @Test
    void deletingWhatIsAbsentIsRefused() throws Exception {
        CertificateStorage storage = open();
        assertThatThrownBy(() -> storage.delete(KEY, CertificateStorage.ABSENT))
                .isInstanceOf(StaleRecordException.class);
    }

    @Test
    void versionsGrowOverDeletionAndReopening() throws Exception {
        CertificateStorage storage = open();
        long first =
                storage.write(KEY, bytes("first"), CertificateStorage.ABSENT).version();
        long second = storage.write(KEY, bytes("second"), first).version();
        storage.delete(KEY, second);
        assertThat(storage.read(KEY)).isEmpty();
        storage.close();

        CertificateStorage reopened = open();
        long third =
                reopened.write(KEY, bytes("third"), CertificateStorage.ABSENT).version();

        assertThat(third).isGreaterThan(second);
        assertThatThrownBy(() -> reopened.write(KEY, bytes("of a reader of long ago"), first))
                .isInstanceOf(StaleRecordException.class);
    }

    @Test
    void theLastWriterDecidesAboutTheExpiry() throws Exception {
        CertificateStorage storage = open();
        Instant expiry = now().plusSeconds(60);
        StoredRecord expiring = storage.write(
                KEY,
                bytes("first"),
                CertificateStorage.ABSENT,
                WriteTerms.none().expiringAt(expiry));
        assertThat(expiring.expiresAt()).contains(expiry);
        assertThat(storage.read(KEY).orElseThrow().expiresAt()).contains(expiry);

        storage.write(KEY, bytes("second"), expiring.version());
        assertThat(storage.read(KEY).orElseThrow().expiresAt()).isEmpty();
    }

    @Test
    void anExpiredRecordIsStillRead() throws Exception {
        CertificateStorage storage = open();
        storage.write(
                KEY,
                bytes("content"),
                CertificateStorage.ABSENT,
                WriteTerms.none().expiringAt(now().minusSeconds(60)));
        assertThat(storage.read(KEY)).isPresent();
    }

    @Test
    void theCallersArrayIsNotKept() throws Exception {
        CertificateStorage storage = open();
        byte[] content = bytes("content");
        StoredRecord written = storage.write(KEY, content, CertificateStorage.ABSENT);
        Arrays.fill(content, (byte) 0);
        assertThat(written.content()).isEqualTo(bytes("content"));
        assertThat(storage.read(KEY).orElseThrow().content()).isEqualTo(bytes("content"));
    }

    @Test
    void ofManyWhoCreateARecordOneWins() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        List<Boolean> won = atOnce(16, i -> () -> wins(nodes.get(i % 2), bytes("writer " + i), 0));
        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    void noIncrementIsLostAmongManyWriters() throws Exception {
        List<CertificateStorage> nodes = List.of(open(), open());
        nodes.get(0).write(KEY, bytes("0"), CertificateStorage.ABSENT);

        atOnce(8, i -> () -> {
            for (int done = 0; done < 10; ) {
                StoredRecord seen = nodes.get(i % 2).read(KEY).orElseThrow();
                int next = Integer.parseInt(new String(seen.content(), StandardCharsets.UTF_8)) + 1;
                done += wins(nodes.get(i % 2), bytes(String.valueOf(next)), seen.version()) ? 1 : 0;
            }
            return i;
        });

        assertThat(nodes.get(1).read(KEY).orElseThrow().content()).isEqualTo(bytes("80"));
    }

    @Test
    void aReaderNeverSeesAPartOfAWrite() throws Exception {
        CertificateStorage writer = open();
        CertificateStorage reader = open();
        writer.write(KEY, pattern(0), CertificateStorage.ABSENT);
        AtomicBoolean done = new AtomicBoolean();

        List<Set<Byte>> seen = atOnce(3, i -> () -> {
            Set<Byte> patterns = new HashSet<>();
            if (i == 0) {
                long version = writer.read(KEY).orElseThrow().version();
                for (int n = 1; n <= 30; n++) {
                    version = writer.write(KEY, pattern(n), version).version();
                }
                done.set(true);
            }
            while (!done.get()) {
                byte[] content = reader.read(KEY).orElseThrow().content();
                assertThat(content).isEqualTo(pattern(content[0]));
                patterns.add(content[0]);
            }
            return patterns;
        });

        assertThat(seen).hasSize(3);
    }

    private static byte[] pattern(int number) {
        byte[] content = new byte[1000 + 3000 * (number % 5)];
        Arrays.fill(content, (byte) number);
        return content;
    }

    private static boolean wins(CertificateStorage storage, byte[] content, long expected) throws Exception {
        try {
            storage.write(KEY, content, expected);
            return true;
        } catch (StaleRecordException lost) {
            return false;
        }
    }
}
