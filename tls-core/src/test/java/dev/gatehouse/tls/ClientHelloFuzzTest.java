package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ClientHelloReader.Progress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hellos of real clients with errors in them: whatever arrives, the reader answers and does not throw. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientHelloFuzzTest {

    private static final int ROUNDS = 12_000;
    private static final int[] TELLING = {0x00, 0x01, 0x02, 0x16, 0x20, 0x7f, 0x80, 0xff};

    private final long seed = System.nanoTime();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
    private final Map<Progress, Integer> outcomes = new EnumMap<>(Progress.class);

    @Test
    void mutationsNeverThrowAndNeverReadBeyondTheEnd() {
        System.out.println("ClientHelloFuzzTest: seed " + seed);
        List<RecordedHello> hellos = RecordedHello.all();
        for (RecordedHello hello : hellos) {
            byte[] message = hello.message();
            for (int i = 0; i < ROUNDS; i++) {
                check(i % 3 == 0 ? mutateRecords(hello.bytes(), message) : HelloBytes.record(mutate(message)));
            }
        }
        System.out.println("ClientHelloFuzzTest: " + outcomes);
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(200_000);
        assertThat(outcomes).containsOnlyKeys(Progress.values());
    }

    private byte[] mutateRecords(byte[] bytes, byte[] message) {
        return random.nextBoolean()
                ? mutate(bytes)
                : HelloBytes.records(mutate(message), 1 + random.nextInt(random.nextBoolean() ? 8 : message.length));
    }

    private byte[] mutate(byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes = mutateOnce(bytes);
        }
        return bytes;
    }

    private byte[] mutateOnce(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 3 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> {
                int end = Math.min(bytes.length, at + random.nextInt(40));
                return HelloBytes.concat(
                        Arrays.copyOf(bytes, end),
                        Arrays.copyOfRange(bytes, random.nextBoolean() ? at : end, bytes.length));
            }
        }
        return bytes;
    }

    /** The buffer ends with the bytes, and what is before it must not matter; at once, and in two to four parts. */
    private void check(byte[] bytes) {
        int before = random.nextInt(3);
        ByteBuffer buffer =
                ByteBuffer.allocate(before + bytes.length).position(before).put(bytes);
        ClientHelloReader reader = ClientHelloReader.create();
        String outcome;
        try {
            buffer.position(before);
            for (int part = random.nextInt(4); part > 0; part--) {
                int length = bytes.length / (part + 1);
                reader.read(buffer.duplicate().limit(before + length));
            }
            reader.read(buffer);
            outcome = touchAll(reader, bytes);
        } catch (RuntimeException thrown) {
            throw new AssertionError(
                    "seed " + seed + ", bytes " + HexFormat.of().formatHex(bytes), thrown);
        }
        ClientHelloReader again = ClientHelloReader.create();
        again.read(ByteBuffer.wrap(bytes));
        assertThat(touchAll(again, bytes)).as("seed %s", seed).isEqualTo(outcome);
        outcomes.merge(reader.read(buffer), 1, Integer::sum);
    }

    private static String touchAll(ClientHelloReader reader, byte[] bytes) {
        Progress progress = reader.read(ByteBuffer.wrap(bytes));
        return switch (progress) {
            case INCOMPLETE -> "incomplete";
            case NOT_TLS, MALFORMED ->
                reader.problem().name() + reader.problem().alert();
            case COMPLETE -> touchAll(reader.clientHello());
        };
    }

    private static String touchAll(ClientHello hello) {
        return hello + " " + hello.invalidServerName() + hello.supportedVersions() + hello.highestVersion()
                + hello.applicationProtocols() + hello.isAcmeChallenge() + hello.signatureAlgorithms()
                + hello.signatureSchemes().hashCode() + hello.cipherSuites().hashCode()
                + hello.supportedGroups().hashCode() + hello.offersResumption()
                + hello.verifyingOnly(KeyType.EC).isPresent();
    }
}
