package dev.gatehouse.http2;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a client of gRPC gets. */
final class RecordedMessages implements ClientResponseObserver<String, String> {

    final List<String> messages = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final boolean manual;
    private volatile @Nullable ClientCallStreamObserver<String> call;
    private volatile Status status = Status.UNKNOWN;

    /** Takes each message as it comes. */
    RecordedMessages() {
        this(false);
    }

    /** @param manual whether to take only what is asked for with {@link #request} */
    RecordedMessages(boolean manual) {
        this.manual = manual;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<String> requestStream) {
        call = requestStream;
        if (manual) {
            requestStream.disableAutoRequestWithInitial(1);
        }
    }

    void request(int count) {
        java.util.Objects.requireNonNull(call, "the call has not begun").request(count);
    }

    @Override
    public void onNext(String message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        status = Status.fromThrowable(failure);
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        status = Status.OK;
        ended.countDown();
    }

    Status await() throws InterruptedException {
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the call did not end; so far " + messages.size() + " messages");
        }
        return status;
    }
}
