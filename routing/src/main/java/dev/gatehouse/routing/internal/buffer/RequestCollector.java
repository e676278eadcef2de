package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.ClientLeft;
import dev.gatehouse.routing.internal.exchange.ClientPace;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.IdleTimer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects the content of one request. Everything happens on the thread of its loop. */
final class RequestCollector {

    private static final Logger LOG = LoggerFactory.getLogger(RequestCollector.class);
    private static final int MAX_TURNS = 32;

    private final RequestBuffering buffering;
    private final RoutedExchange exchange;
    private final SpooledBody body;
    private final EventLoop loop;
    private final IdleTimer clientSilence;
    private final ClientPace pace;
    private long begun;
    private final long expected;
    private long received;
    private boolean over;

    /** With the expected length of the content, or -1 if only its end will tell. */
    RequestCollector(
            RequestBuffering buffering, RoutedExchange exchange, long expected, SpooledBody body, EventLoop loop) {
        this.buffering = buffering;
        this.exchange = exchange;
        this.expected = expected;
        this.body = body;
        this.loop = loop;
        clientSilence = new IdleTimer(loop, exchange.service().requestIdleTimeout(), this::clientIsSlow);
        pace = new ClientPace(exchange.service());
    }

    void begin() {
        begun = loop.now();
        exchange.whenClosed(() -> later(this::exchangeClosed));
        guarded(this::collect);
    }

    private void collect() {
        for (int turn = 0; !over; turn++) {
            if (received == expected) {
                allReceived();
                return;
            }
            ByteBuffer room = body.room(expected < 0 ? Long.MAX_VALUE : expected - received);
            if (room == null) {
                spill(this::collect);
                return;
            }
            if (turn == MAX_TURNS) {
                later(this::collect);
                return;
            }
            int count;
            try {
                count = exchange.read(room);
            } catch (IOException failed) {
                clientFailed(failed);
                return;
            }
            if (count > 0) {
                received += count;
                pace.received(count);
                if (buffering.isTooLarge(received)) {
                    end();
                    buffering.refuseTooLarge(exchange, "at least " + received + " bytes");
                }
            } else if (count == 0) {
                pace.waits(loop.now());
                clientSilence.touch(pace.allowance());
                exchange.whenReadable(() -> later(this::clientSent));
                return;
            } else if (expected >= 0) {
                clientFailed(
                        new EOFException("it ended " + (expected - received) + " bytes before its Content-Length"));
            } else {
                allReceived();
                return;
            }
        }
    }

    private void clientSent() {
        pace.goesOn(loop.now());
        clientSilence.stop();
        collect();
    }

    private void allReceived() {
        if (body.mustSpill()) {
            spill(this::passOn);
        } else {
            passOn();
        }
    }

    private void spill(Runnable then) {
        clientSilence.stop();
        body.spill(failure -> later(() -> {
            if (over) {
                return;
            }
            if (failure == null) {
                then.run();
            } else {
                diskFailed(failure);
            }
        }));
    }

    private void passOn() {
        over = true;
        clientSilence.stop();
        body.complete();
        try {
            buffering.next().handle(new BufferedExchange(exchange, body, loop));
        } catch (Exception failed) {
            failedUnexpectedly(failed);
        }
    }

    private void clientFailed(IOException cause) {
        end();
        if (exchange.isClientConnected()) {
            LOG.info(
                    "{}: the request content is malformed ({}); answered 400. The client must correct it",
                    exchange.service().name(),
                    cause.getMessage());
            Answer.send(exchange, 400, "The content of the request is malformed.");
        } else {
            clientLeft();
            exchange.abort(cause);
        }
    }

    private void clientLeft() {
        ClientLeft.log(LOG, exchange, "before its request had arrived", loop.now() - begun);
    }

    private void clientIsSlow() {
        end();
        LOG.info("{}: {}; answered 408. {}", exchange.service().name(), pace.problem(), pace.remedy());
        Answer.send(exchange, 408, "The content of the request did not arrive in time.");
    }

    private void diskFailed(IOException cause) {
        end();
        LOG.error(
                "{}: request content cannot be buffered in {} ({}); answered 507. Free space there, or set another"
                        + " temporaryFolder",
                exchange.service().name(),
                buffering.limits().temporaryFolder(),
                cause.toString());
        Answer.send(exchange, 507, "The content of the request cannot be stored.");
    }

    private void failedUnexpectedly(Throwable cause) {
        end();
        LOG.error(
                "{}: answering a buffered request failed; answered 500. See the cause",
                exchange.service().name(),
                cause);
        Answer.send(exchange, 500, "The request could not be answered.");
    }

    /** Collecting ends without success. */
    private void end() {
        over = true;
        clientSilence.stop();
        body.close();
    }

    /** However it ended, nobody will read the content any more. */
    private void exchangeClosed() {
        if (!over) {
            clientLeft();
        }
        end();
    }

    private void later(Runnable step) {
        try {
            loop.execute(() -> guarded(step));
        } catch (RejectedExecutionException closed) {
            body.close();
            exchange.abort(new IOException("the router was closed"));
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            failedUnexpectedly(mistake);
        }
    }
}
