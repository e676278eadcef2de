package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange whose client gets nothing of the response before all of it is there, so whoever answers is free at once.
 * As long as the response is incomplete it counts as not started: an answer of the router's own takes its place.
 *
 * <p>Collecting happens on the threads of whoever answers, delivering on the one of a loop: that of the origin's connection,
 * if an origin answers.
 */
final class ResponseCollector extends RoutedExchange {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseCollector.class);

    private final RoutedExchange exchange;
    private final Buffering limits;
    private final SpooledBody body;
    private final EventLoops loops;
    private @Nullable EventLoop loop;
    private volatile @Nullable CollectedHead head;
    private HttpFields trailers = HttpFields.empty();
    private long received;
    private volatile boolean complete;
    private volatile boolean refused;
    private volatile boolean over;

    ResponseCollector(RoutedExchange exchange, Buffering limits, SpooledBody body, EventLoops loops) {
        super(exchange);
        this.exchange = exchange;
        this.limits = limits;
        this.body = body;
        this.loops = loops;
        exchange.whenClosed(this::closed);
    }

    /** However it ended, nobody will read the content any more. */
    private void closed() {
        over = true;
        body.close();
    }

    @Override
    public void startResponse(int status, HttpFields fields) {
        if (complete || refused) {
            throw new IllegalStateException("response " + status + ": another one is complete");
        }
        CollectedHead started = CollectedHead.of(exchange.method(), status, fields);
        boolean takesThePlace = head != null;
        if (takesThePlace || started.mustPass()) {
            head = null;
            body.close();
            exchange.startResponse(status, fields);
        } else if (isTooLarge(started.announcedLength())) {
            refuseTooLarge(started.announcedLength() + " bytes");
        } else {
            loop = loops.choose(exchange.hostLoop());
            head = started;
        }
    }

    @Override
    public boolean isResponseStarted() {
        return complete || refused || exchange.isResponseStarted();
    }

    @Override
    public boolean isAnsweredInPlace() {
        return refused;
    }

    @Override
    public boolean isClientConnected() {
        return !over && exchange.isClientConnected();
    }

    @Override
    public void setResponseTrailers(HttpFields fields) {
        if (head == null) {
            exchange.setResponseTrailers(fields);
        } else {
            trailers = fields;
        }
    }

    @Override
    public boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        if (refused || over) {
            throw new IOException("the exchange is over");
        }
        if (head == null) {
            return exchange.write(data, last, resumed);
        }
        received += data.remaining();
        if (isTooLarge(received)) {
            refuseTooLarge("at least " + received + " bytes");
            throw new IOException("the response is too large");
        }
        if (last) {
            complete = true;
            releaseRequest();
        }
        return collect(data, last, resumed);
    }

    /** Once there is a response, nobody reads the request any more, however long the client takes. */
    private void releaseRequest() {
        if (exchange instanceof BufferedExchange buffered) {
            buffered.release();
        }
    }

    /** For whoever answers, the exchange is over with the last write; what the client gets then is not to be cut off. */
    @Override
    public void abort(Throwable cause) {
        if (!refused && !complete) {
            exchange.abort(cause);
        }
    }

    /** Drops what there is, so that somebody else can answer; false if the client has been given an answer already. */
    boolean giveUp() {
        if (refused || complete) {
            return false;
        }
        refused = true;
        body.close();
        return true;
    }

    private boolean collect(ByteBuffer data, boolean last, Runnable resumed) {
        while (data.hasRemaining()) {
            ByteBuffer room = body.room(expected(data, last));
            if (room == null) {
                spill(
                        () -> {
                            if (collect(data, last, resumed)) {
                                resumed.run();
                            }
                        },
                        resumed);
                return false;
            }
            int count = Math.min(room.remaining(), data.remaining());
            room.put(data.slice(data.position(), count));
            data.position(data.position() + count);
        }
        if (last) {
            allReceived();
        }
        return true;
    }

    /** How much there is to be stored, at most: a small response takes no more memory than it has. */
    private long expected(ByteBuffer data, boolean last) {
        CollectedHead collected = head;
        long announced = collected == null ? -1 : collected.announcedLength();
        if (last || announced < 0) {
            return last ? data.remaining() : Long.MAX_VALUE;
        }
        return data.remaining() + Math.max(0, announced - received);
    }

    private void allReceived() {
        if (body.mustSpill()) {
            spill(this::deliver, () -> {});
        } else if (loop().isInside()) {
            guarded(this::deliver);
        } else {
            later(this::deliver);
        }
    }

    private EventLoop loop() {
        return Objects.requireNonNull(loop, "nothing is collected");
    }

    /** Has the file take what waits for it, and goes on; or in another way if the response is not wanted any more. */
    private void spill(Runnable then, Runnable notWanted) {
        body.spill(failure -> later(() -> {
            if (failure == null && isCollecting()) {
                then.run();
                return;
            }
            if (failure != null && isCollecting()) {
                diskFailed(failure);
            }
            notWanted.run();
        }));
    }

    private boolean isCollecting() {
        return head != null && !refused && !over;
    }

    private void deliver() {
        CollectedHead collected = head;
        if (over || collected == null) {
            return;
        }
        body.complete();
        new ResponseDelivery(exchange, body, loop()).begin(collected, trailers);
    }

    private boolean isTooLarge(long length) {
        return limits.maxResponseBodyBytes() > 0 && length > limits.maxResponseBodyBytes();
    }

    private void refuseTooLarge(String size) {
        LOG.warn(
                "{}: response content of {} is over the limit of {} bytes; answered 502. Raise maxResponseBodyBytes if it"
                        + " must be passed on",
                exchange.service().name(),
                size,
                limits.maxResponseBodyBytes());
        refuse(502, "The response of the application is larger than is allowed here.");
    }

    private void diskFailed(IOException cause) {
        LOG.error(
                "{}: response content cannot be buffered in {} ({}); answered 507. Free space there, or set another"
                        + " temporaryFolder",
                exchange.service().name(),
                limits.temporaryFolder(),
                cause.toString());
        refuse(507, "The response of the application cannot be stored.");
    }

    private void refuse(int status, String explanation) {
        refused = true;
        body.close();
        Answer.send(exchange, status, explanation);
    }

    private void later(Runnable step) {
        try {
            loop().execute(() -> guarded(step));
        } catch (RejectedExecutionException closed) {
            exchange.abort(new IOException("the router was closed"));
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            LOG.error(
                    "{}: a buffered response failed unexpectedly; aborted it. Report this",
                    exchange.service().name(),
                    mistake);
            exchange.abort(mistake);
        }
    }
}
