package dev.gatehouse.acme.internal.permission;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * A body that does not matter. The answer is there as soon as its head is; the body is read on so that the connection can
 * be used again, up to a bound in bytes and in time. Beyond, the connection is given up.
 */
final class DiscardedBody implements HttpResponse.BodySubscriber<Void> {

    private static final long MAX_BYTES = 64 * 1024;

    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final Duration longest;
    private long bytes;

    DiscardedBody(Duration longest) {
        this.longest = longest;
    }

    /** Completes when the connection is free, or given up. */
    CompletionStage<Void> finished() {
        return finished;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        CompletableFuture<Void> unused = finished.orTimeout(longest.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((done, failure) -> subscription.cancel());
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > MAX_BYTES) {
            finished.complete(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        finished.complete(null);
    }

    @Override
    public void onComplete() {
        finished.complete(null);
    }
}
