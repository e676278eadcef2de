package dev.gatehouse.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.HttpHandler;
import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client of gRPC, a host with a router, and a server of gRPC behind it. */
@Timeout(60)
abstract class GrpcCases {

    /** Clients do not tell the server a name without a dot. */
    private static final String NAME = "grpc.example.com";

    private static final TestCa CA = TestCa.create();
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();

    static {
        CERTIFICATES.add(CA.issue(NAME));
    }

    private final EchoService echo = new EchoService();
    private Server server;
    private Router router;
    private AutoCloseable host;
    private ManagedChannel channel;

    /** A running host, with the port at which it listens. */
    record Host(AutoCloseable server, int port) {}

    /** Starts a host at a free port of the loopback interface, with HTTP/2 over TLS. */
    abstract Host start(HttpHandler handler, SSLContext tls) throws Exception;

    @BeforeEach
    void startAll() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(echo.definition())
                .build()
                .start();
        router = Router.builder()
                .service(Service.named("echo")
                        .target("h2c://127.0.0.1:" + server.getPort())
                        .connectTimeout(Duration.ofSeconds(5))
                        .build())
                .build();
        Host running = start(router, ServerTls.using(CERTIFICATES).sslContext());
        host = running.server();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", running.port())
                .overrideAuthority(NAME)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(CA.rootCertificate())
                        .build())
                .build();
    }

    @AfterEach
    void stopAll() throws Exception {
        channel.shutdownNow();
        host.close();
        router.close();
        server.shutdownNow();
        assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private String unary(String message) {
        return ClientCalls.blockingUnaryCall(channel, EchoService.UNARY, withTime(), message);
    }

    private static CallOptions withTime() {
        return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    @Test
    void aMessageIsAnswered() {
        assertThat(unary("hello")).isEqualTo("hello");
        assertThat(unary("")).isEmpty();
    }

    @Test
    void aLargeMessageIsAnswered() {
        String large = "0123456789".repeat(300_000);

        assertThat(unary(large)).isEqualTo(large);
    }

    @Test
    void anErrorKeepsItsStatusAndItsDetails() {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> unary("fail"));

        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.getStatus().getDescription()).isEqualTo("nothing left, sorry: 100 % sold");
        Metadata details = failure.getTrailers();
        assertThat(details.get(EchoService.DETAIL)).isEqualTo("out of stock");
        assertThat(details.get(EchoService.DETAIL_BINARY)).containsExactly(0, 1, 0xff);
    }

    @Test
    void anUnknownMethodIsAnsweredByTheServer() {
        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel,
                        EchoService.UNARY.toBuilder()
                                .setFullMethodName("test.Echo/Missing")
                                .build(),
                        withTime(),
                        "x"));

        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(failure.getStatus().getDescription()).contains("test.Echo/Missing");
    }

    @Test
    void theServerStreams() {
        Iterator<String> messages = ClientCalls.blockingServerStreamingCall(
                channel, EchoService.SERVER_STREAMING, withTime(), "2000 x 1000");

        List<String> all = new ArrayList<>();
        messages.forEachRemaining(all::add);
        assertThat(all).hasSize(2000).allMatch(message -> message.length() == 1000);
    }

    @Test
    void aClientThatTakesNothingHoldsTheServerUp() throws Exception {
        RecordedMessages messages = new RecordedMessages(true);
        int size = 10_000;
        int count = 4000;
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(EchoService.SERVER_STREAMING, CallOptions.DEFAULT), count + " x " + size, messages);

        await().until(() -> messages.messages.size() == 1);
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(10))
                .until(echo.sent::get, sentSoFar -> (long) sentSoFar * size < 10_000_000);
        messages.request(count);
        assertThat(messages.await().getCode()).isEqualTo(Status.Code.OK);
        assertThat(messages.messages).hasSize(count);
    }

    @Test
    void theClientStreams() throws Exception {
        RecordedMessages messages = new RecordedMessages();
        StreamObserver<String> request = ClientCalls.asyncClientStreamingCall(
                channel.newCall(EchoService.CLIENT_STREAMING, withTime()), messages);

        IntStream.range(0, 500).forEach(i -> request.onNext("x".repeat(1000)));
        request.onCompleted();

        assertThat(messages.await().getCode()).isEqualTo(Status.Code.OK);
        assertThat(messages.messages)
                .singleElement()
                .satisfies(all -> assertThat(all).hasSize(500_000));
    }

    @Test
    void bothStreamInTurn() throws Exception {
        RecordedMessages messages = new RecordedMessages();
        StreamObserver<String> request =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoService.BIDIRECTIONAL, withTime()), messages);

        for (int i = 1; i <= 20; i++) {
            int expected = i;
            request.onNext("m" + i);
            await().until(() -> messages.messages.size() == expected);
        }
        assertThat(messages.messages).first().isEqualTo("echo m1");
        request.onCompleted();
        assertThat(messages.await().getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void theServerEndsACallThatTheClientHasNot() throws Exception {
        RecordedMessages messages = new RecordedMessages();
        StreamObserver<String> request =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoService.BIDIRECTIONAL, withTime()), messages);

        request.onNext("one");
        request.onNext("end");

        Status status = messages.await();
        assertThat(status.getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(status.getDescription()).isEqualTo("enough");
        assertThat(messages.messages).containsExactly("echo one");
    }

    @Test
    void aCancelledCallIsCancelledAtTheServer() throws Exception {
        RecordedMessages messages = new RecordedMessages();
        StreamObserver<String> request =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(EchoService.BIDIRECTIONAL, withTime()), messages);
        request.onNext("one");
        await().until(() -> messages.messages.size() == 1);

        request.onError(Status.CANCELLED.asRuntimeException());

        assertThat(echo.cancelled.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDeadlineEndsTheCallOnBothSides() throws Exception {
        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel,
                        EchoService.UNARY,
                        CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                        "hang"));

        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(echo.cancelled.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        assertThat(unary("before")).isEqualTo("before");
        server.shutdownNow();

        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> unary("after"));

        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void noCallIsLostWhenTheServerIsReplaced() throws Exception {
        int port = server.getPort();
        for (int round = 0; round < 3; round++) {
            assertThat(unary("round " + round)).isEqualTo("round " + round);
            server.shutdown();
            assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                    .addService(echo.definition())
                    .build()
                    .start();
        }
        assertThat(unary("at last")).isEqualTo("at last");
    }
}
