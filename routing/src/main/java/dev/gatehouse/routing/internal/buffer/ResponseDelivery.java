package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.answer.Durations;
import dev.gatehouse.routing.internal.exchange.ClientLeft;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.IdleTimer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a response that has been collected to the client, at the client's pace. Everything happens on the thread of a loop. */
final class ResponseDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseDelivery.class);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final RoutedExchange exchange;
    private final SpooledBody body;
    private final EventLoop loop;
    private final IdleTimer clientStandsStill;
    private final long begun;
    private @Nullable ByteBuffer buffer;
    private @Nullable ByteBuffer clientHolds;
    private long remaining;
    private boolean over;

    ResponseDelivery(RoutedExchange exchange, SpooledBody body, EventLoop loop) {
        this.exchange = exchange;
        this.body = body;
        this.loop = loop;
        begun = loop.now();
        clientStandsStill = new IdleTimer(loop, exchange.service().responseIdleTimeout(), this::clientTakesNothing);
    }

    void begin(CollectedHead head, HttpFields trailers) {
        boolean withTrailers = trailers.size() > 0;
        remaining = body.length();
        exchange.startResponse(head.status(), head.fieldsFor(remaining, withTrailers));
        if (withTrailers) {
            exchange.setResponseTrailers(trailers);
        }
        exchange.whenClosed(() -> later(this::closed));
        pump();
    }

    private void pump() {
        try {
            while (!over) {
                if (remaining == 0) {
                    exchange.write(EMPTY.duplicate(), true, this::end);
                    end();
                } else if (!fill() || !write()) {
                    return;
                }
            }
        } catch (IOException clientGone) {
            clientLeft();
            exchange.abort(clientGone);
            end();
        }
    }

    /** Takes the next piece from memory; false if the workers have to fetch it. */
    private boolean fill() {
        ByteBuffer piece = buffer;
        if (piece == null) {
            piece = loop.buffers().acquire();
            buffer = piece;
        }
        piece.clear();
        while (piece.hasRemaining() && body.read(piece) > 0) {
            // as much as there is
        }
        piece.flip();
        if (piece.hasRemaining()) {
            return true;
        }
        release();
        body.load(failure -> later(() -> loaded(failure)));
        return false;
    }

    private void loaded(@Nullable IOException failure) {
        if (failure == null) {
            pump();
        } else if (!over) {
            LOG.error(
                    "{}: a buffered response cannot be read back ({}); aborted it. Look at the disk of the temporary folder",
                    exchange.service().name(),
                    failure.toString());
            exchange.abort(failure);
            end();
        }
    }

    private boolean write() throws IOException {
        ByteBuffer piece = buffer == null ? EMPTY : buffer;
        remaining -= piece.remaining();
        boolean last = remaining == 0;
        boolean taken = exchange.write(piece, last, () -> later(this::clientTookIt));
        if (!taken) {
            buffer = null;
            clientHolds = piece;
            clientStandsStill.touch();
        }
        over |= last;
        if (taken && last) {
            end();
        }
        return taken;
    }

    private void clientTookIt() {
        clientStandsStill.stop();
        ByteBuffer held = clientHolds;
        clientHolds = null;
        if (held != null) {
            loop.buffers().release(held);
        }
        pump();
    }

    private void clientTakesNothing() {
        LOG.info(
                "{}: the client took nothing of its response for {}; aborted it. Raise responseIdleTimeout if clients are"
                        + " that slow",
                exchange.service().name(),
                Durations.text(exchange.service().responseIdleTimeout()));
        exchange.abort(new IOException("the client took nothing of the response in time"));
        end();
    }

    private void closed() {
        if (!over) {
            clientLeft();
        }
        end();
    }

    private void clientLeft() {
        ClientLeft.log(LOG, exchange, "within its buffered response", loop.now() - begun);
    }

    private void end() {
        over = true;
        clientStandsStill.stop();
        release();
        body.close();
    }

    private void release() {
        ByteBuffer piece = buffer;
        buffer = null;
        if (piece != null) {
            loop.buffers().release(piece);
        }
    }

    private void later(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException closed) {
            body.close();
            exchange.abort(new IOException("the router was closed"));
        }
    }
}
