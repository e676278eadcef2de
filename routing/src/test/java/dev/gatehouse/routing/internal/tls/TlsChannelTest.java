package dev.gatehouse.routing.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The channel over a transport in memory that cuts the bytes where the test, or chance, wants. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsChannelTest {

    private static final TestCa CA = TestCa.create();
    private static final SSLContext SERVER =
            CertificateMaterial.of(CA.issue("app.example.com")).sslContext();
    private static final OriginTls CLIENT =
            OriginTls.builder().trustedCertificates(CA.rootPem()).build();

    private final TlsTasks tasks = new TlsTasks();

    @AfterEach
    void close() {
        tasks.close();
    }

    private PairedLoop pair(String version, Random random) throws IOException {
        return new PairedLoop(
                SERVER, version, CLIENT.newEngine("app.example.com", 443, "http/1.1"), tasks, random::nextInt);
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bytesArriveUnchangedHoweverTheyAreCut(long seed) throws IOException {
        Random random = new Random(seed);
        PairedLoop pair = pair(seed % 2 == 0 ? "TLSv1.3" : "TLSv1.2", random);
        byte[] up = new byte[random.nextInt(200_000)];
        byte[] down = new byte[random.nextInt(200_000)];
        random.nextBytes(up);
        random.nextBytes(down);
        pair.server.send(down);
        ByteBuffer toSend = ByteBuffer.wrap(up);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        pair.whenReadable(() -> {
            ByteBuffer into = ByteBuffer.allocate(1 + random.nextInt(random.nextBoolean() ? 40_000 : 50));
            int count = pair.channel().read(into);
            received.write(into.array(), 0, Math.max(count, 0));
        });
        pair.whenWritable(() -> {
            pair.channel().write(toSend);
            pair.channel().wantWrite(toSend.hasRemaining());
        });

        pair.runUntil(() -> pair.isConnected());
        pair.channel().wantWrite(true);
        pair.runUntil(() -> received.size() == down.length && pair.server.received().length == up.length);

        assertThat(received.toByteArray()).isEqualTo(down);
        assertThat(pair.server.received()).isEqualTo(up);
        pair.cutNothing();
        pair.channel().close();
        pair.runUntil(() -> pair.server.sawCloseNotify());
        assertThat(pair.buffersInUse()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theEndIsToldOnlyIfThePeerHasSaidSo(String version) throws IOException {
        PairedLoop orderly = pair(version, new Random(1));
        orderly.runUntil(orderly::isConnected);
        orderly.server.closeOutbound();
        orderly.endOfTransport();
        orderly.readUntilItEnds();
        assertThat(orderly.channel().read(ByteBuffer.allocate(10))).isEqualTo(-1);

        PairedLoop cut = pair(version, new Random(1));
        cut.runUntil(cut::isConnected);
        cut.endOfTransport();
        assertThatThrownBy(cut::readUntilItEnds).isInstanceOf(MissingCloseNotifyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatCameBeforeABrokenRecordIsReadBeforeItFails(String version) throws IOException {
        PairedLoop pair = pair(version, new Random(1));
        pair.runUntil(pair::isConnected);
        pair.whenReadable(() -> {});
        pair.server.send(new byte[5000]);
        pair.breakNextRecord();
        pair.server.send(new byte[5000]);
        pair.settle();
        ByteBuffer into = ByteBuffer.allocate(32_768);

        int count = 0;
        while (count < 5000) {
            count += pair.channel().read(into);
        }
        assertThat(count).isEqualTo(5000);
        assertThatThrownBy(() -> pair.channel().read(into)).isInstanceOf(IOException.class);
    }

    @Test
    void theTransportIsNotReadWhileNobodyWantsToRead() throws IOException {
        PairedLoop pair = pair("TLSv1.3", new Random(1));
        pair.runUntil(pair::isConnected);
        pair.settle();
        int before = pair.readsOfTransport();
        pair.channel().wantRead(false);
        pair.server.send(new byte[1_000_000]);

        pair.settle();

        assertThat(pair.readsOfTransport()).isEqualTo(before);
        assertThat(pair.isReadWanted()).isFalse();
    }

    @Test
    void contentThatIsHereAlreadyIsToldAgain() throws IOException {
        PairedLoop pair = pair("TLSv1.3", new Random(1));
        pair.runUntil(pair::isConnected);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        pair.whenReadable(() -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            if (pair.channel().read(one) > 0) {
                received.write(one.get(0));
            }
        });
        pair.server.send("hello".getBytes(StandardCharsets.US_ASCII));

        pair.runUntil(() -> received.size() == 5);

        assertThat(received).hasToString("hello");
    }

    @Test
    void aPeerThatTakesNothingHoldsTheWriterBack() throws IOException {
        PairedLoop pair = pair("TLSv1.3", new Random(1));
        pair.runUntil(pair::isConnected);
        pair.cutNothing();
        pair.blockWrites();
        ByteBuffer much = ByteBuffer.allocate(1_000_000);

        int taken = pair.channel().write(much);

        assertThat(taken).isBetween(1, 32_768);
        assertThat(pair.channel().write(much)).isZero();
        assertThat(pair.buffersInUse()).isOne();
    }

    @Test
    void aClosedChannelIsOfNoFurtherUse() throws IOException {
        PairedLoop pair = pair("TLSv1.3", new Random(1));
        pair.runUntil(pair::isConnected);
        pair.channel().close();

        assertThat(pair.channel().isOpen()).isFalse();
        assertThatThrownBy(() -> pair.channel().read(ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> pair.channel().write(ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(pair.buffersInUse()).isZero();
    }
}
