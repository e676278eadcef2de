package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gatehouse.tls.ClientHelloReader.Progress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloReaderTest {

    static List<RecordedHello> hellos() {
        return RecordedHello.all();
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void aHelloIsCompleteWithItsLastByteAndNotBefore(RecordedHello recorded) {
        byte[] bytes = recorded.bytes();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(ClientHelloReader.create().read(ByteBuffer.wrap(bytes, 0, length)))
                    .as("after %s bytes", length)
                    .isEqualTo(Progress.INCOMPLETE);
        }
        assertThat(ClientHelloReader.create().read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void theOutcomeDoesNotDependOnHowTcpCutTheBytes(RecordedHello recorded) {
        byte[] bytes = recorded.bytes();
        String expected = describe(read(bytes));
        for (int cut = 0; cut < bytes.length; cut++) {
            ClientHelloReader reader = ClientHelloReader.create();
            assertThat(reader.read(ByteBuffer.wrap(bytes, 0, cut))).isEqualTo(Progress.INCOMPLETE);
            assertThat(reader.read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
            assertThat(describe(reader.clientHello())).isEqualTo(expected);
        }
        assertThat(describe(readByteByByte(bytes))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void theOutcomeDoesNotDependOnHowTheClientCutTheRecords(RecordedHello recorded) {
        byte[] message = recorded.message();
        String expected = describe(read(recorded.bytes()));
        for (int cut = 1; cut < message.length; cut++) {
            byte[] twoRecords = HelloBytes.concat(
                    HelloBytes.record(Arrays.copyOf(message, cut)),
                    HelloBytes.record(Arrays.copyOfRange(message, cut, message.length)));
            assertThat(describe(read(twoRecords))).isEqualTo(expected);
        }
        byte[] tinyRecords = HelloBytes.records(message, 1);
        assertThat(describe(read(tinyRecords))).isEqualTo(expected);
        assertThat(describe(readByteByByte(tinyRecords))).isEqualTo(expected);
    }

    /**
     * What has been scanned is overwritten between the calls: a reader that began anew, or looked back, would see it. So
     * each call costs what is new, and at most the header of a record that is not complete.
     */
    @ParameterizedTest
    @MethodSource("hellos")
    void whatHasBeenScannedIsNotLookedAtAgainUntilTheHelloIsComplete(RecordedHello recorded) {
        for (byte[] bytes : List.of(recorded.bytes(), HelloBytes.records(recorded.message(), 1))) {
            ClientHelloReader reader = ClientHelloReader.create();
            byte[] received = bytes.clone();
            for (int length = 1; length < bytes.length; length++) {
                assertThat(reader.read(ByteBuffer.wrap(received, 0, length))).isEqualTo(Progress.INCOMPLETE);
                assertThat(length - reader.scannedBytes()).isBetween(0, 4);
                Arrays.fill(received, 0, reader.scannedBytes(), (byte) 0xee);
            }
            assertThat(reader.read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
        }
    }

    @Test
    void buffersOfEveryKindAreReadAndLeftAsTheyAre() {
        byte[] bytes = RecordedHello.of("chrome-110").bytes();
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 20)
                .position(7)
                .put(bytes)
                .limit(bytes.length + 7);
        ByteBuffer heap =
                ByteBuffer.allocate(bytes.length + 20).position(7).put(bytes).limit(bytes.length + 7);
        for (ByteBuffer buffer :
                List.of(direct.position(7), heap.position(7), heap.asReadOnlyBuffer(), heap.slice(), direct.slice())) {
            buffer.order(ByteOrder.LITTLE_ENDIAN);
            int position = buffer.position();
            int limit = buffer.limit();
            ClientHelloReader reader = ClientHelloReader.create();

            assertThat(reader.read(buffer)).isEqualTo(Progress.COMPLETE);
            assertThat(reader.clientHello()).hasToString("app.example.com");
            assertThat(buffer.position()).isEqualTo(position);
            assertThat(buffer.limit()).isEqualTo(limit);
            assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Test
    void whatFollowsTheRecordsOfTheHelloIsNotLookedAt() {
        byte[] withEarlyData = HelloBytes.concat(
                RecordedHello.of("openssl-tls13").bytes(), HelloBytes.hex("14 0303 0001 01  17 0303 ffff 00"));

        assertThat(read(withEarlyData)).hasToString("app.example.com");
    }

    @Test
    void theHelloDoesNotChangeWithTheBufferItWasReadFrom() {
        byte[] bytes = RecordedHello.of("chrome-110").bytes();
        ClientHello hello = read(bytes);
        Arrays.fill(bytes, (byte) 0);

        assertThat(hello.applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(hello.signatureAlgorithms()).contains("SHA256withECDSA");
    }

    @Test
    void theOutcomeIsFinal() {
        ClientHelloReader complete = ClientHelloReader.create();
        complete.read(ByteBuffer.wrap(RecordedHello.of("openssl-tls13").bytes()));
        ClientHelloReader refused = ClientHelloReader.create();
        refused.read(ByteBuffer.wrap(HelloBytes.ascii("GET /")));

        assertThat(complete.read(ByteBuffer.allocate(0))).isEqualTo(Progress.COMPLETE);
        assertThat(refused.read(ByteBuffer.allocate(0))).isEqualTo(Progress.NOT_TLS);
    }

    @Test
    void theHostAddsTheAddressOfTheClient() throws Exception {
        ClientHelloReader reader = ClientHelloReader.create();
        reader.read(ByteBuffer.wrap(RecordedHello.of("openssl-alpn").bytes()));
        InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});

        assertThat(reader.clientHello(address).clientAddress()).contains(address);
        assertThat(reader.clientHello(address).applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(reader.clientHello().clientAddress()).isEmpty();
    }

    @Test
    void misuseIsToldAtOnce() {
        ClientHelloReader reader = ClientHelloReader.create();
        reader.read(ByteBuffer.wrap(RecordedHello.of("openssl-tls13").bytes(), 0, 100));

        assertThatIllegalStateException().isThrownBy(reader::clientHello).withMessageContaining("INCOMPLETE");
        assertThatIllegalStateException().isThrownBy(reader::problem).withMessageContaining("INCOMPLETE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(ByteBuffer.allocate(99)))
                .withMessageContaining("99 bytes")
                .withMessageContaining("after 100");
    }

    @Test
    void limitsAreInRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> ClientHelloReader.create(511, 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> ClientHelloReader.create(1 << 21, 1 << 22));
        assertThatIllegalArgumentException().isThrownBy(() -> ClientHelloReader.create(4096, 4095));
        assertThat(ClientHelloReader.create(512, 4096).maxReceivedBytes()).isEqualTo(4096);
        assertThat(ClientHelloReader.create().maxReceivedBytes())
                .isEqualTo(ClientHelloReader.DEFAULT_MAX_RECEIVED_BYTES);
    }

    private static ClientHello read(byte[] bytes) {
        ClientHelloReader reader = ClientHelloReader.create();
        assertThat(reader.read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
        return reader.clientHello();
    }

    private static ClientHello readByteByByte(byte[] bytes) {
        ClientHelloReader reader = ClientHelloReader.create();
        for (int length = 1; length < bytes.length; length++) {
            assertThat(reader.read(ByteBuffer.wrap(bytes, 0, length))).isEqualTo(Progress.INCOMPLETE);
        }
        assertThat(reader.read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
        return reader.clientHello();
    }

    private static String describe(ClientHello hello) {
        return String.join(
                " ",
                hello.toString(),
                hello.supportedVersions().toString(),
                hello.applicationProtocols().toString(),
                hello.signatureSchemes().toString(),
                hello.cipherSuites().toString(),
                hello.supportedGroups().toString(),
                String.valueOf(hello.offersResumption()));
    }
}
