package dev.gatehouse.http2;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A service of gRPC in its four forms, without generated code: its messages are plain text. */
final class EchoService {

    static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    static final MethodDescriptor<String, String> SERVER_STREAMING = method("Count", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> CLIENT_STREAMING = method("Join", MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<String, String> BIDIRECTIONAL = method("Chat", MethodType.BIDI_STREAMING);

    static final Metadata.Key<String> DETAIL = Metadata.Key.of("detail", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> DETAIL_BINARY = Metadata.Key.of("detail-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** Counted down when a client of {@link #BIDIRECTIONAL} or {@link #UNARY} cancels. */
    final CountDownLatch cancelled = new CountDownLatch(1);

    final AtomicInteger sent = new AtomicInteger();

    ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
                .addMethod(SERVER_STREAMING, ServerCalls.asyncServerStreamingCall(this::count))
                .addMethod(CLIENT_STREAMING, ServerCalls.asyncClientStreamingCall(this::join))
                .addMethod(BIDIRECTIONAL, ServerCalls.asyncBidiStreamingCall(this::chat))
                .build();
    }

    /** Echoes; {@code fail} fails with details, {@code hang} never answers. */
    private void unary(String request, StreamObserver<String> response) {
        if (request.equals("fail")) {
            Metadata details = new Metadata();
            details.put(DETAIL, "out of stock");
            details.put(DETAIL_BINARY, new byte[] {0, 1, (byte) 0xff});
            response.onError(new StatusRuntimeException(
                    Status.FAILED_PRECONDITION.withDescription("nothing left, sorry: 100 % sold"), details));
        } else if (request.equals("hang")) {
            ((ServerCallStreamObserver<String>) response).setOnCancelHandler(cancelled::countDown);
        } else {
            response.onNext(request);
            response.onCompleted();
        }
    }

    /** Sends as many messages of a size as asked for: {@code "1000 x 100"}. */
    private void count(String request, StreamObserver<String> response) {
        String[] parts = request.split(" x ", 2);
        int messages = Integer.parseInt(parts[0]);
        String message = "m".repeat(Integer.parseInt(parts[1]));
        ServerCallStreamObserver<String> call = (ServerCallStreamObserver<String>) response;
        call.setOnReadyHandler(() -> {
            while (call.isReady() && sent.get() < messages) {
                call.onNext(message);
                if (sent.incrementAndGet() == messages) {
                    call.onCompleted();
                }
            }
        });
    }

    private StreamObserver<String> join(StreamObserver<String> response) {
        StringBuilder all = new StringBuilder();
        return observer(all::append, () -> {
            response.onNext(all.toString());
            response.onCompleted();
        });
    }

    /** Echoes each message at once; {@code end} ends the call before the client does. */
    private StreamObserver<String> chat(StreamObserver<String> response) {
        ((ServerCallStreamObserver<String>) response).setOnCancelHandler(cancelled::countDown);
        return observer(
                message -> {
                    if (message.equals("end")) {
                        response.onError(
                                Status.OUT_OF_RANGE.withDescription("enough").asRuntimeException());
                    } else {
                        response.onNext("echo " + message);
                    }
                },
                response::onCompleted);
    }

    private static StreamObserver<String> observer(java.util.function.Consumer<String> next, Runnable completed) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                next.accept(message);
            }

            @Override
            public void onError(Throwable failure) {
                // told to the cancel handler
            }

            @Override
            public void onCompleted() {
                completed.run();
            }
        };
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Echo", name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
