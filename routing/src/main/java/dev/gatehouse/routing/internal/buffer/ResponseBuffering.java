package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.loop.EventLoops;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the responses of the next stage before clients see them. Safe for use by several threads. */
public final class ResponseBuffering implements Stage {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseBuffering.class);

    private final EventLoops loops;
    private final SpoolWorkers workers;
    private final MemoryBudget budget;
    private final Buffering limits;
    private final Stage next;

    /**
     * Makes the stage.
     *
     * @param loops where complete responses are delivered
     * @param workers what waits for the disk
     * @param budget what all buffers share
     * @param limits those of the service
     * @param next what answers
     */
    public ResponseBuffering(
            EventLoops loops, SpoolWorkers workers, MemoryBudget budget, Buffering limits, Stage next) {
        this.loops = loops;
        this.workers = workers;
        this.budget = budget;
        this.limits = limits;
        this.next = next;
    }

    @Override
    public void handle(RoutedExchange exchange) throws Exception {
        SpooledBody body = new SpooledBody(budget, workers, limits.temporaryFolder(), limits.memoryBytes());
        ResponseCollector collector = new ResponseCollector(exchange, limits, body, loops);
        try {
            next.handle(collector);
        } catch (Exception failed) {
            if (collector.giveUp()) {
                throw failed;
            }
            LOG.error(
                    "{}: its handler failed after it had answered; the answer stands. See the cause",
                    exchange.service().name(),
                    failed);
        }
    }
}
