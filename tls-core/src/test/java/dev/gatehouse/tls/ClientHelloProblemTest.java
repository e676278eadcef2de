package dev.gatehouse.tls;

import static dev.gatehouse.tls.HelloBytes.ascii;
import static dev.gatehouse.tls.HelloBytes.concat;
import static dev.gatehouse.tls.HelloBytes.extension;
import static dev.gatehouse.tls.HelloBytes.hex;
import static dev.gatehouse.tls.HelloBytes.hostName;
import static dev.gatehouse.tls.HelloBytes.message;
import static dev.gatehouse.tls.HelloBytes.record;
import static dev.gatehouse.tls.HelloBytes.records;
import static dev.gatehouse.tls.HelloBytes.serverName;
import static dev.gatehouse.tls.HelloBytes.vector16;
import static dev.gatehouse.tls.HelloBytes.vector8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.gatehouse.tls.ClientHelloReader.Progress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloProblemTest {

    private static final byte[] NORMAL = new HelloBytes().message();

    /** The fewest bytes that tell, the problem, and its alert; 0 if none is sent. */
    static Stream<Arguments> refusedRecords() {
        return Stream.of(
                arguments("G", ascii("G"), ClientHelloProblem.PLAIN_HTTP, 0),
                arguments("POST", ascii("PO"), ClientHelloProblem.PLAIN_HTTP, 0),
                arguments("PROPFIND", ascii("PROP"), ClientHelloProblem.PLAIN_HTTP, 0),
                arguments("PROXY 1", ascii("PROXY "), ClientHelloProblem.PROXY_PROTOCOL, 0),
                arguments("PROXY 2", ascii("\r\n\r\n\0\r\nQUIT\n"), ClientHelloProblem.PROXY_PROTOCOL, 0),
                arguments("SSL 2.0", hex("802e01"), ClientHelloProblem.SSL_2, 70),
                arguments("noise", hex("802e02"), ClientHelloProblem.NOT_TLS, 0),
                arguments("DTLS", hex("16fe"), ClientHelloProblem.DTLS, 0),
                arguments("a letter", ascii("S"), ClientHelloProblem.NOT_TLS, 0),
                arguments("a line end", ascii("\rx"), ClientHelloProblem.NOT_TLS, 0),
                arguments("an unknown version", hex("1602"), ClientHelloProblem.NOT_TLS, 0),
                arguments("change cipher spec", hex("14"), ClientHelloProblem.UNEXPECTED_RECORD, 10),
                arguments("alert", hex("15"), ClientHelloProblem.UNEXPECTED_RECORD, 10),
                arguments("heartbeat", hex("18"), ClientHelloProblem.UNEXPECTED_RECORD, 10),
                arguments("a type below", hex("13"), ClientHelloProblem.NOT_TLS, 0),
                arguments("a type above", hex("19"), ClientHelloProblem.NOT_TLS, 0),
                arguments("empty record", hex("1603010000"), ClientHelloProblem.EMPTY_RECORD, 10),
                arguments("record of 16385", hex("1603014001"), ClientHelloProblem.RECORD_TOO_LARGE, 22),
                arguments("ServerHello", hex("1603010100 02"), ClientHelloProblem.UNEXPECTED_MESSAGE, 10),
                arguments("hello of 16381", hex("1603014000 01 003ffd"), ClientHelloProblem.MESSAGE_TOO_LARGE, 47),
                arguments("hello of 16 MB", hex("1603014000 01 ffffff"), ClientHelloProblem.MESSAGE_TOO_LARGE, 47),
                arguments("hello of 40", hex("1603014000 01 000028"), ClientHelloProblem.MALFORMED_MESSAGE, 50),
                arguments("alert between", concat(part(10), hex("15")), ClientHelloProblem.UNEXPECTED_RECORD, 10),
                arguments("HTTP between", concat(part(10), ascii("G")), ClientHelloProblem.UNEXPECTED_RECORD, 10),
                arguments("other version", concat(part(10), hex("1604")), ClientHelloProblem.RECORD_VERSION, 70),
                arguments("empty later", concat(part(10), hex("1603030000")), ClientHelloProblem.EMPTY_RECORD, 10),
                arguments(
                        "second message",
                        record(concat(NORMAL, message(1, new byte[0]))),
                        ClientHelloProblem.EXCESS_HANDSHAKE_DATA,
                        10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedRecords")
    void recordsAreRefusedWithTheFirstByteThatTells(String what, byte[] bytes, ClientHelloProblem problem, int alert) {
        assertRefused(bytes, problem, alert);
        if (problem != ClientHelloProblem.EXCESS_HANDSHAKE_DATA) {
            assertThat(ClientHelloReader.create().read(ByteBuffer.wrap(bytes, 0, bytes.length - 1)))
                    .isEqualTo(Progress.INCOMPLETE);
        }
    }

    static Stream<Arguments> refusedMessages() {
        return Stream.of(
                malformed("session id of 33", new HelloBytes().sessionId(new byte[33])),
                malformed("trailing byte", new HelloBytes().extensions().trailer("00")),
                malformed("extensions beyond the end", new HelloBytes().trailer("0001")),
                malformed("half a length of extensions", new HelloBytes().trailer("00")),
                of(ClientHelloProblem.MALFORMED_CIPHER_SUITES, 50, new HelloBytes().cipherSuites("130113")),
                of(
                        ClientHelloProblem.MALFORMED_CIPHER_SUITES,
                        50,
                        new HelloBytes().cipherSuites("").extensions()),
                of(
                        ClientHelloProblem.MALFORMED_COMPRESSION_METHODS,
                        50,
                        new HelloBytes().compressionMethods("").extensions()),
                extensions(ClientHelloProblem.MALFORMED_EXTENSIONS, 50, hex("0000")),
                extensions(ClientHelloProblem.MALFORMED_EXTENSIONS, 50, hex("00")),
                extensions(ClientHelloProblem.MALFORMED_EXTENSIONS, 50, hex("4a4a 0001")),
                extensions(ClientHelloProblem.MALFORMED_EXTENSIONS, 50, hex("0000 0009 00")),
                extensions(ClientHelloProblem.DUPLICATE_EXTENSION, 47, extension(23), extension(23)),
                extensions(ClientHelloProblem.DUPLICATE_EXTENSION, 47, extension(0xff01), extension(0xff01)),
                extensions(ClientHelloProblem.DUPLICATE_EXTENSION, 47, manyAnd(0x4003)),
                extensions(ClientHelloProblem.DUPLICATE_EXTENSION, 47, manyAnd(0x4063)),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, new byte[0]),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, vector16()),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, vector16(hostName(""))),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, vector16(hex("00 0005 61"))),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, vector16(hostName("a")), hex("00")),
                serverNames(ClientHelloProblem.MALFORMED_SERVER_NAMES, 50, vector16(hostName("a"), hex("01"))),
                serverNames(ClientHelloProblem.DUPLICATE_SERVER_NAME, 47, vector16(hostName("a"), hostName("b"))),
                serverNames(
                        ClientHelloProblem.DUPLICATE_SERVER_NAME, 47, vector16(hex("07 0001 61"), hex("07 0001 62"))),
                list(ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS, 16, new byte[0]),
                list(ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS, 16, vector16()),
                list(ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS, 16, vector16(hex("00"))),
                list(ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS, 16, vector16(hex("02 68"))),
                list(ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS, 16, vector16(hex("01 68")), hex("00")),
                list(ClientHelloProblem.MALFORMED_VERSIONS, 43, new byte[0]),
                list(ClientHelloProblem.MALFORMED_VERSIONS, 43, vector8()),
                list(ClientHelloProblem.MALFORMED_VERSIONS, 43, vector8(hex("030403"))),
                list(ClientHelloProblem.MALFORMED_VERSIONS, 43, vector8(hex("0304")), hex("00")),
                list(ClientHelloProblem.MALFORMED_GROUPS, 10, vector16()),
                list(ClientHelloProblem.MALFORMED_GROUPS, 10, vector16(hex("001d00"))),
                list(ClientHelloProblem.MALFORMED_SIGNATURE_ALGORITHMS, 13, vector16()),
                list(ClientHelloProblem.MALFORMED_SIGNATURE_ALGORITHMS, 13, vector16(hex("040304"))));
    }

    @ParameterizedTest
    @MethodSource("refusedMessages")
    void malformedMessagesAreRefused(String what, byte[] message, ClientHelloProblem problem, int alert) {
        assertRefused(record(message), problem, alert);
        assertRefused(records(message, 7), problem, alert);
    }

    @Test
    void everyProblemIsTested() {
        Set<ClientHelloProblem> untested = EnumSet.allOf(ClientHelloProblem.class);
        Stream.concat(refusedRecords(), refusedMessages())
                .forEach(test -> untested.remove((ClientHelloProblem) test.get()[2]));

        assertThat(untested).containsExactly(ClientHelloProblem.TOO_MANY_BYTES);
    }

    @Test
    void aHelloInTooManySmallRecordsIsRefusedAtTheLimit() {
        byte[] endless = records(concat(hex("01 000100"), new byte[200]), 1);
        int limit = 512;
        ClientHelloReader within = ClientHelloReader.create(512, limit);
        ClientHelloReader atTheLimit = ClientHelloReader.create(512, limit);

        assertThat(within.read(ByteBuffer.wrap(endless, 0, limit - 1))).isEqualTo(Progress.INCOMPLETE);
        assertThat(atTheLimit.read(ByteBuffer.wrap(endless, 0, limit))).isEqualTo(Progress.MALFORMED);
        assertThat(atTheLimit.problem()).isEqualTo(ClientHelloProblem.TOO_MANY_BYTES);
        assertThat(atTheLimit.problem().alert()).contains(TlsAlert.ILLEGAL_PARAMETER);
    }

    @Test
    void aHelloThatEndsAtTheLimitIsComplete() {
        byte[] bytes = new HelloBytes()
                .extensions(extension(21, new byte[512 - 5 - NORMAL.length - 6]))
                .bytes();
        assertThat(bytes).hasSize(512);

        assertThat(ClientHelloReader.create(512, 512).read(ByteBuffer.wrap(bytes)))
                .isEqualTo(Progress.COMPLETE);
        byte[] oneMore = new HelloBytes()
                .extensions(extension(21, new byte[512 - 4 - (NORMAL.length - 4) - 6 + 1]))
                .bytes();
        ClientHelloReader reader = ClientHelloReader.create(512, 1024);
        assertThat(reader.read(ByteBuffer.wrap(oneMore, 0, 9))).isEqualTo(Progress.MALFORMED);
        assertThat(reader.problem()).isEqualTo(ClientHelloProblem.MESSAGE_TOO_LARGE);
    }

    @Test
    void aSingleReadOfMoreThanTheLimitCountsOnlyWhatIsWithin() {
        byte[] bytes = concat(records(NORMAL, 1), new byte[40_000]);

        assertThat(ClientHelloReader.create().read(ByteBuffer.wrap(bytes))).isEqualTo(Progress.COMPLETE);
        assertThat(ClientHelloReader.create(512, 512)
                        .read(ByteBuffer.wrap(records(
                                new HelloBytes()
                                        .extensions(extension(21, new byte[100]))
                                        .message(),
                                1))))
                .isEqualTo(Progress.MALFORMED);
    }

    @Test
    void aProblemReadsAsThePredicateOfALogLine() {
        for (ClientHelloProblem problem : ClientHelloProblem.values()) {
            assertThat(problem.toString()).matches("(sent|speaks|does) .*[^.]");
        }
    }

    @Test
    void alertsAreRecordsOfSevenBytes() {
        assertThat(TlsAlert.UNRECOGNIZED_NAME.record()).isEqualTo(ByteBuffer.wrap(hex("15 0303 0002 02 70")));
        assertThat(TlsAlert.UNRECOGNIZED_NAME.code()).isEqualTo(112);
    }

    private static byte[] part(int length) {
        return record(Arrays.copyOf(NORMAL, length));
    }

    /** More extensions than are kept without a bit set, and one of them again. */
    private static byte[] manyAnd(int again) {
        byte[][] all = IntStream.concat(IntStream.range(0x4000, 0x4064), IntStream.of(again))
                .mapToObj(HelloBytes::extension)
                .toArray(byte[][]::new);
        return concat(all);
    }

    private static Arguments malformed(String what, HelloBytes hello) {
        return arguments(what, hello.message(), ClientHelloProblem.MALFORMED_MESSAGE, 50);
    }

    private static Arguments of(ClientHelloProblem problem, int alert, HelloBytes hello) {
        return arguments(problem.name(), hello.message(), problem, alert);
    }

    private static Arguments extensions(ClientHelloProblem problem, int alert, byte[]... extensions) {
        return of(problem, alert, new HelloBytes().extensions(extensions));
    }

    private static Arguments serverNames(ClientHelloProblem problem, int alert, byte[]... data) {
        return extensions(problem, alert, extension(0, data));
    }

    private static Arguments list(ClientHelloProblem problem, int type, byte[]... data) {
        return extensions(problem, 50, serverName("a.example"), extension(type, data));
    }

    /** At once and byte by byte. */
    private static void assertRefused(byte[] bytes, ClientHelloProblem problem, int alert) {
        ClientHelloReader atOnce = ClientHelloReader.create();
        atOnce.read(ByteBuffer.wrap(bytes));
        ClientHelloReader slowly = ClientHelloReader.create();
        for (int length = 1; length <= bytes.length; length++) {
            slowly.read(ByteBuffer.wrap(bytes, 0, length));
        }
        for (ClientHelloReader reader : new ClientHelloReader[] {atOnce, slowly}) {
            assertThat(reader.read(ByteBuffer.wrap(bytes)))
                    .isEqualTo(problem.isOtherProtocol() ? Progress.NOT_TLS : Progress.MALFORMED);
            assertThat(reader.problem()).isEqualTo(problem);
            assertThat(reader.problem().alert().map(TlsAlert::code).orElse(0)).isEqualTo(alert);
        }
    }
}
