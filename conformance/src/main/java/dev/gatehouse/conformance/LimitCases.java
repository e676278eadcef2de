package dev.gatehouse.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.CounterKey;
import dev.gatehouse.acme.Lease;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.RecordKey.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Sizes, names, and the end. */
abstract class LimitCases extends StorageCases {

    private static final Duration LENGTH = Duration.ofMinutes(1);

    LimitCases(CertificateStorageConformance suite) {
        super(suite);
    }

    @Test
    void contentsFromNothingToTheLimitAreKept() throws Exception {
        CertificateStorage storage = open();
        byte[] largest = new byte[CertificateStorage.MAX_CONTENT_BYTES];
        new Random(1).nextBytes(largest);
        storage.write(RecordKey.state("empty"), new byte[0], 0);
        storage.write(RecordKey.state("largest"), largest, 0);

        assertThat(storage.read(RecordKey.state("empty")).orElseThrow().content())
                .isEmpty();
        assertThat(storage.read(RecordKey.state("largest")).orElseThrow().content())
                .isEqualTo(largest);
    }

    @Test
    void contentBeyondTheLimitIsRefused() throws Exception {
        CertificateStorage storage = open();
        byte[] tooLarge = new byte[CertificateStorage.MAX_CONTENT_BYTES + 1];
        assertThatThrownBy(() -> storage.write(RecordKey.state("large"), tooLarge, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("STATE large");
        assertThat(storage.read(RecordKey.state("large"))).isEmpty();
    }

    @Test
    void everyNameIsARecordOfItsOwn() throws Exception {
        CertificateStorage storage = open();
        List<String> names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "a.",
                ".a",
                "a/b",
                "a\\b",
                "a:b",
                "a-b",
                "a%2fb",
                "..",
                ".",
                "/",
                "*",
                "?",
                "%",
                "'",
                "\"",
                "line\nbreak",
                "\r",
                "\t",
                "con",
                "\u00e9",
                "e\u0301",
                "\u0130",
                "i\u0307",
                "\ud83d\ude00",
                "x".repeat(1024),
                "x".repeat(1023),
                "x".repeat(1023) + "X",
                "\u20ac".repeat(1024));
        for (String name : names) {
            storage.write(RecordKey.state(name), bytes("content of " + name), CertificateStorage.ABSENT);
        }
        for (String name : names) {
            assertThat(storage.read(RecordKey.state(name)).orElseThrow().content())
                    .as(name)
                    .isEqualTo(bytes("content of " + name));
        }
    }

    @Test
    void everyNameIsAResourceOfItsOwn() throws Exception {
        CertificateStorage storage = open();
        for (String name : List.of("a", "A", "a/b", "../a", "\u20ac", "x".repeat(1024), "x".repeat(1023))) {
            assertThat(storage.acquire(name, LENGTH)).as(name).isPresent();
        }
    }

    @Test
    void senselessArgumentsAreRefused() throws Exception {
        CertificateStorage storage = open();
        Lease lease = storage.acquire("work", LENGTH).orElseThrow();
        assertRefused(() -> storage.acquire("", LENGTH));
        assertRefused(() -> storage.acquire("x".repeat(1025), LENGTH));
        assertRefused(() -> storage.acquire("other", Duration.ZERO));
        assertRefused(() -> storage.renew(lease, Duration.ofSeconds(-1)));
        assertRefused(() -> storage.expiring(Kind.STATE, Instant.MAX, 0));
        assertRefused(() -> storage.clean(Kind.STATE, Instant.MAX, 0));
        assertRefused(() -> storage.sweep(0));
        assertRefused(() -> storage.counts("", Instant.MIN));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingTwiceDoesNothing() throws Exception {
        CertificateStorage storage = open();
        storage.close();
        storage.close();
    }

    @Test
    void closingOneNodeLeavesTheOthersOpen() throws Exception {
        CertificateStorage leaving = open();
        CertificateStorage staying = open();
        leaving.close();
        staying.write(RecordKey.state("a"), bytes("x"), 0);
        assertThat(staying.acquire("work", LENGTH)).isPresent();
    }

    @Test
    void whoUsesAClosedStorageIsTold() throws Exception {
        CertificateStorage storage = open();
        Lease lease = storage.acquire("work", LENGTH).orElseThrow();
        storage.close();
        RecordKey key = RecordKey.state("a");
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("read", () -> storage.read(key));
        calls.put("write", () -> storage.write(key, bytes("x"), 0));
        calls.put("delete", () -> storage.delete(key, 1));
        calls.put("acquire", () -> storage.acquire("other", LENGTH));
        calls.put("renew", () -> storage.renew(lease, LENGTH));
        calls.put("release", () -> storage.release(lease));
        calls.put("expiring", () -> storage.expiring(Kind.STATE, Instant.MAX, 1));
        calls.put("add", () -> storage.add(new CounterKey("c", START), 1, Instant.MAX));
        calls.put("counts", () -> storage.counts("c", START));
        calls.put("clean", () -> storage.clean(Kind.STATE, Instant.MAX, 1));
        calls.put("sweep", () -> storage.sweep(1));

        calls.forEach((name, call) -> assertThatThrownBy(call)
                .as(name)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed"));
        assertThat(open().read(key)).isEmpty();
    }
}
