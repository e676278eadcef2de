package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.TlsAlert;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first bytes of a connection, well meant and hostile. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GateHelloTest {

    private static final TestCa CA = TestCa.create();
    private static final int HANDSHAKE_RECORD = 22;
    private static final int ALERT_RECORD = 21;

    private final LogLines log = new LogLines();
    private GateServer server;
    private Socket socket;

    @BeforeEach
    void connect() throws Exception {
        CertificateIndex index = CertificateIndex.create();
        index.add(CA.issue("a.example"));
        server = GateServer.start(
                ServerTls.builder(index).helloTimeout(Duration.ofMillis(700)).build());
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        server.close();
        log.close();
    }

    private byte[] answerTo(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return socket.getInputStream().readAllBytes();
    }

    private static byte[] alert(TlsAlert alert) {
        return alert.record().array();
    }

    @Test
    void helloInSingleBytesIsUnderstood() throws Exception {
        OutputStream out = socket.getOutputStream();
        for (byte one : ClientHellos.forName("a.example")) {
            out.write(one);
        }

        assertThat(socket.getInputStream().read()).isEqualTo(HANDSHAKE_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void helloInManyRecordsIsUnderstood(int fragment) throws Exception {
        byte[] hello = ClientHellos.forName("a.example");
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 5; i < hello.length; i += fragment) {
            int length = Math.min(fragment, hello.length - i);
            records.write(new byte[] {HANDSHAKE_RECORD, 3, 3, 0, (byte) length});
            records.write(hello, i, length);
        }

        socket.getOutputStream().write(records.toByteArray());

        assertThat(socket.getInputStream().read()).isIn(HANDSHAKE_RECORD, ALERT_RECORD);
    }

    @Test
    void slowHelloEndsInTimeAndLeavesALine() throws Exception {
        byte[] hello = ClientHellos.forName("a.example");
        socket.getOutputStream().write(hello, 0, hello.length - 1);

        assertThat(socket.getInputStream().read()).isEqualTo(-1);

        assertThat(log.lines())
                .containsExactly(
                        "(no server name): handshake of 127.0.0.1 refused: no whole ClientHello within 700 ms.");
    }

    @Test
    void bytesThatTrickleInDoNotMakeItLonger() throws Exception {
        OutputStream out = socket.getOutputStream();
        byte[] hello = ClientHellos.forName("a.example");
        long start = System.nanoTime();
        ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger sent = new AtomicInteger();
        trickle.scheduleAtFixedRate(
                () -> write(out, hello[sent.getAndIncrement() % hello.length]), 0, 50, TimeUnit.MILLISECONDS);

        assertThat(endOf(socket.getInputStream())).isTrue();

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(600), Duration.ofSeconds(5));
        trickle.shutdownNow();
    }

    /** A failure ends the trickle: the server has closed the connection. */
    private static void write(OutputStream out, byte one) {
        try {
            out.write(one);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static boolean endOf(InputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void connectionThatSendsNothingIsClosedQuietly() throws Exception {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void clientThatConnectsAndLeavesIsNoEvent() throws Exception {
        await().until(() -> server.connections() == 1);

        socket.close();

        await().until(() -> server.connections() == 0);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void plainHttpIsToldSoInPlainHttp() throws Exception {
        byte[] answer = answerTo("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(answer, StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("\r\n\r\nThis port speaks HTTPS. Use an https:// address.\n");
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("127.0.0.1", "the client speaks plain HTTP to a TLS port. Use an https:// address.");
    }

    @Test
    void otherProtocolIsClosedWithoutAWord() throws Exception {
        assertThat(answerTo("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(log.lines()).singleElement().asString().contains("does not speak TLS");
    }

    @Test
    void malformedHelloIsADecodeError() throws Exception {
        byte[] hello = ClientHellos.forName("a.example");
        hello[hello.length - 1] ^= 0x55;
        hello[5 + 4 + 2 + 32] = (byte) 200;

        assertThat(answerTo(hello)).isEqualTo(alert(TlsAlert.DECODE_ERROR));
        assertThat(log.lines()).singleElement().asString().contains("decode_error", "malformed");
    }

    @Test
    void hugeRecordIsAnOverflow() throws Exception {
        assertThat(answerTo(new byte[] {HANDSHAKE_RECORD, 3, 1, 0x7f, (byte) 0xff, 1}))
                .isEqualTo(alert(TlsAlert.RECORD_OVERFLOW));
    }

    @Test
    void alertArrivesAlthoughTheClientGoesOnSending() throws Exception {
        byte[] bytes = new byte[20_000];
        Arrays.fill(bytes, (byte) 7);
        System.arraycopy(new byte[] {HANDSHAKE_RECORD, 3, 1, 0x7f, (byte) 0xff, 1}, 0, bytes, 0, 6);

        assertThat(answerTo(bytes)).isEqualTo(alert(TlsAlert.RECORD_OVERFLOW));
    }

    @Test
    void refusedConnectionOfAClientThatDoesNotCloseEndsAllTheSame() throws Exception {
        answerTo(new byte[] {HANDSHAKE_RECORD, 3, 1, 0x7f, (byte) 0xff, 1});

        await().until(() -> server.connections() == 0);
    }
}
