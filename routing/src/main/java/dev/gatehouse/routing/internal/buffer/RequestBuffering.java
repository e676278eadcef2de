package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.EventLoops;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the content of requests before the next stage sees them. Safe for use by several threads. */
public final class RequestBuffering implements Stage {

    private static final Logger LOG = LoggerFactory.getLogger(RequestBuffering.class);

    private final EventLoops loops;
    private final SpoolWorkers workers;
    private final MemoryBudget budget;
    private final Buffering limits;
    private final Stage next;

    /**
     * Makes the stage.
     *
     * @param loops where collecting happens
     * @param workers what waits for the disk
     * @param budget what all buffers share
     * @param limits those of the service
     * @param next what gets the exchange, on the thread of a loop if there was content
     */
    public RequestBuffering(EventLoops loops, SpoolWorkers workers, MemoryBudget budget, Buffering limits, Stage next) {
        this.loops = loops;
        this.workers = workers;
        this.budget = budget;
        this.limits = limits;
        this.next = next;
    }

    @Override
    public void handle(RoutedExchange exchange) throws Exception {
        RequestFraming framing = RequestFraming.of(exchange);
        if (framing.kind() == RequestFraming.Kind.NONE) {
            next.handle(exchange);
        } else if (isTooLarge(framing.length())) {
            refuseTooLarge(exchange, framing.length() + " bytes");
        } else {
            collect(exchange, framing.kind() == RequestFraming.Kind.LENGTH ? framing.length() : -1);
        }
    }

    private void collect(RoutedExchange exchange, long expected) {
        EventLoop loop = loops.choose(exchange.hostLoop());
        SpooledBody body = new SpooledBody(budget, workers, limits.temporaryFolder(), limits.memoryBytes());
        RequestCollector collector = new RequestCollector(this, exchange, expected, body, loop);
        try {
            loop.execute(collector::begin);
        } catch (RejectedExecutionException closed) {
            Answer.send(exchange, 503, "The router was closed.");
        }
    }

    boolean isTooLarge(long length) {
        return limits.maxRequestBodyBytes() > 0 && length > limits.maxRequestBodyBytes();
    }

    void refuseTooLarge(RoutedExchange exchange, String size) {
        LOG.info(
                "{}: request content of {} is over the limit of {} bytes; answered 413. Raise maxRequestBodyBytes if it"
                        + " must be accepted",
                exchange.service().name(),
                size,
                limits.maxRequestBodyBytes());
        Answer.send(exchange, 413, "The content of the request is larger than is allowed here.");
    }

    Buffering limits() {
        return limits;
    }

    Stage next() {
        return next;
    }
}
