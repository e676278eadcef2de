package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps of one channel that are taken later on the thread of its loop.
 *
 * @param loop the loop
 * @param listener is told if a step fails
 */
record LaterOnLoop(EventLoop loop, ChannelListener listener) {

    private static final Logger LOG = LoggerFactory.getLogger(LaterOnLoop.class);

    void run(Runnable step) {
        try {
            loop.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
                    listener.failedUnexpectedly(mistake);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.trace("the loop was closed before a TLS connection went on");
        }
    }
}
