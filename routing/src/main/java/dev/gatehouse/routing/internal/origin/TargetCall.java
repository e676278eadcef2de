package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.answer.Durations;
import dev.gatehouse.routing.internal.exchange.ClientLeft;
import dev.gatehouse.routing.internal.exchange.ClientPace;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.http1.RequestEncoder;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.Timer;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one exchange with a target needs in every version of HTTP: it watches the time and the client, and says what the
 * client and the log get when something fails. Everything happens on the thread of its loop; callbacks of the host and of
 * transports only hand over to it.
 */
abstract class TargetCall {

    private static final Logger LOG = LoggerFactory.getLogger(TargetCall.class);

    /** An exchange that is faster than this is never asked whether its client is still there. */
    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long NEXT_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Between two looks at a tunnel, whose sides tell by themselves that they leave. */
    private static final long TUNNEL_LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final OriginLoop origins;
    private final RoutedExchange exchange;
    private final Service service;
    private final Target target;
    private final RequestFraming framing;
    private final ClientPace pace;
    private final Timer timer = new Timer(this::look);

    private Wait wait = Wait.CONNECTION;
    private long begun;
    private boolean hasDeadline;
    private long deadline;
    private boolean responseBegun;
    private volatile boolean over;

    TargetCall(OriginLoop origins, RoutedExchange exchange, Target target) {
        this.origins = origins;
        this.exchange = exchange;
        this.service = exchange.service();
        this.target = target;
        framing = RequestFraming.of(exchange);
        pace = new ClientPace(service);
    }

    /** Begins, on the thread of the loop. */
    final void begin() {
        if (origins.isClosed()) {
            Answer.send(exchange, 503, "The router was closed.");
            return;
        }
        begun = loop().now();
        origins.add(this);
        loop().arm(timer, begun + FIRST_LOOK_NANOS);
        exchange.whenClosed(() -> {
            if (!over) {
                later(this::clientLeft);
            }
        });
        start();
    }

    /** Begins to carry the exchange. */
    abstract void start();

    /** The target wants the content, or has let enough time pass without saying so. */
    abstract void originContinues();

    /** Lets go of everything, of whatever is not complete in a way that the target can tell. */
    abstract void release();

    // What the two directions report

    /** The request cannot go on. Once there is a response, only that one has to. */
    final void requestWaitsFor(Wait next) {
        if (!responseBegun) {
            waitFor(next);
        }
    }

    /** The whole request is with the origin. */
    final void requestSent() {
        requestWaitsFor(Wait.RESPONSE_HEAD);
    }

    final void responseHasBegun() {
        responseBegun = true;
        waitFor(Wait.RESPONSE_CONTENT);
    }

    final boolean isResponseBegun() {
        return responseBegun;
    }

    /** The exchange cannot be read from or written to. */
    final void clientFailed(IOException cause) {
        if (exchange.isResponseStarted() || !exchange.isClientConnected()) {
            clientLeft();
        } else {
            fail(400, "the request content is malformed (" + cause.getMessage() + ")", "The client must correct it");
        }
    }

    private void clientLeft() {
        if (exchange.isAnsweredInPlace()) {
            LOG.debug(
                    "{}: another answer took the place of the response; cancelled the request to {}",
                    service.name(),
                    target);
        } else {
            String outcome = wait.whileWaiting() + "; cancelled the request to " + target;
            ClientLeft.log(LOG, exchange, outcome, loop().now() - begun);
        }
        exchange.abort(new IOException("the client left"));
        finish();
    }

    /** A mistake in the router's own code. */
    public final void failedUnexpectedly(Throwable cause) {
        if (!over) {
            LOG.error("{}: an exchange with {} failed unexpectedly; report this", service.name(), target, cause);
            Answer.send(exchange, 500, "The request could not be forwarded.");
            finish();
        }
    }

    /** The router is closing. */
    final void routerCloses() {
        exchange.abort(new IOException("the router was closed"));
        finish();
    }

    final void fail(int status, String problem, String remedy) {
        String outcome = exchange.isResponseStarted() ? "aborted the response" : "answered " + status;
        LOG.warn("{}: {}; {}. {}", service.name(), problem, outcome, remedy);
        if (status == 503) {
            Answer.overloaded(exchange, explanation(status));
        } else {
            Answer.send(exchange, status, explanation(status));
        }
        finish();
    }

    private static String explanation(int status) {
        return switch (status) {
            case 400 -> "The content of the request is malformed.";
            case 408 -> "The content of the request did not arrive in time.";
            case 431 -> "The fields of the request are too large for the application.";
            case 501 -> "The application does not take that protocol.";
            case 503 -> "The application has too many requests at the moment.";
            case 504 -> "The application did not answer in time.";
            default -> "The application cannot be reached.";
        };
    }

    // Time

    /** Begins to wait for something else; the time allowed starts now. */
    final void waitFor(Wait next) {
        wait = next;
        progressed();
    }

    /** Some of the response moved. A head that comes in pieces must still be complete in time. */
    final void responseProgressed() {
        if (responseBegun) {
            progressed();
        }
    }

    /** Something moved: the time allowed starts again. */
    final void progressed() {
        long nanos = wait == Wait.REQUEST_CONTENT
                ? pace.allowance()
                : wait.limit(service).toNanos();
        hasDeadline = nanos > 0;
        deadline = loop().now() + nanos;
    }

    private void look() {
        long now = loop().now();
        if (hasDeadline && deadline - now <= 0) {
            waitedTooLong(wait);
        } else if (hasTotalDeadline() && totalDeadline() - now <= 0) {
            String limit = Durations.text(service.totalTimeout());
            fail(504, target + " did not end within " + limit, "See what keeps it busy, or raise totalTimeout");
        } else if (wait.isForOrigin() && !exchange.isClientConnected()) {
            clientLeft();
        }
        if (!over) {
            long next = now + (wait == Wait.TUNNEL ? TUNNEL_LOOK_NANOS : NEXT_LOOK_NANOS);
            next = hasDeadline && deadline - next < 0 ? deadline : next;
            loop().arm(timer, hasTotalDeadline() && totalDeadline() - next < 0 ? totalDeadline() : next);
        }
    }

    /** An upgraded connection is no exchange any more, and lives as long as its sides like. */
    private boolean hasTotalDeadline() {
        return wait != Wait.TUNNEL && !service.totalTimeout().isZero();
    }

    private long totalDeadline() {
        return begun + service.totalTimeout().toNanos();
    }

    void waitedTooLong(Wait waited) {
        if (waited == Wait.CONTINUE) {
            originContinues();
        } else if (waited == Wait.REQUEST_CONTENT) {
            fail(waited.status(), pace.problem(), pace.remedy());
        } else if (waited == Wait.TUNNEL) {
            LOG.info("{}: {}; closed it. {}", service.name(), waited.problem(service), waited.remedy());
            exchange.abort(new IOException(waited.problem(service)));
            finish();
        } else {
            fail(waited.status(), waited.problem(service), waited.remedy());
        }
    }

    // The end

    final void finish() {
        if (over) {
            return;
        }
        over = true;
        loop().disarm(timer);
        release();
        origins.remove(this);
    }

    final boolean isOver() {
        return over;
    }

    // What the two directions use

    /** Goes on with something later on the thread of the loop, unless the call is over by then. */
    final void later(Runnable step) {
        laterEvenIfOver(() -> {
            if (!over) {
                step.run();
            }
        });
    }

    final void laterEvenIfOver(Runnable step) {
        try {
            loop().execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
                    failedUnexpectedly(mistake);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.trace("{}: the router was closed before the exchange went on", service.name());
        }
    }

    final OriginLoop origins() {
        return origins;
    }

    final RoutedExchange exchange() {
        return exchange;
    }

    final Service service() {
        return service;
    }

    final Target target() {
        return target;
    }

    final ClientPace pace() {
        return pace;
    }

    final RequestFraming framing() {
        return framing;
    }

    public final EventLoop loop() {
        return origins.loop();
    }

    final RequestEncoder encoder() {
        return origins.encoder();
    }
}
