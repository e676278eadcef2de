package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.answer.Answer;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.http1.MalformedResponseException;
import dev.gatehouse.routing.internal.http1.RequestEncoder;
import dev.gatehouse.routing.internal.http1.TruncatedResponseException;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.Timer;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with an origin, from the choice of a connection to the end of the response: it decides about retries,
 * time-outs and failures, while {@link RequestUpload} and {@link ResponseRelay} move the bytes. Everything happens on
 * the thread of its loop; callbacks of the host only hand over to it.
 */
final class OriginCall implements Http1Connection.User, ConnectionBound.Waiter {

    private static final Logger LOG = LoggerFactory.getLogger(OriginCall.class);

    /** An exchange that is faster than this is never asked whether its client is still there. */
    private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long NEXT_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final OriginLoop origins;
    private final RoutedExchange exchange;
    private final Service service;
    private final Target target;
    private final ConnectionBound bound;
    private final RequestFraming framing;
    private final Timer timer = new Timer(this::look);

    private Iterator<SocketAddress> addresses = List.<SocketAddress>of().iterator();
    private @Nullable Http1Connection connection;
    private @Nullable RequestUpload upload;
    private @Nullable ResponseRelay relay;

    /** Whether the call has a place that no connection has taken over yet. */
    private boolean hasPlace;

    private long waitingSince;
    private Wait wait = Wait.CONNECTION;
    private boolean hasDeadline;
    private long deadline;
    private boolean retried;
    private boolean responseBegun;
    private volatile boolean over;

    OriginCall(OriginLoop origins, RoutedExchange exchange, Target target, ConnectionBound bound) {
        this.origins = origins;
        this.exchange = exchange;
        this.service = exchange.service();
        this.target = target;
        this.bound = bound;
        framing = RequestFraming.of(exchange);
    }

    /** Begins, on the thread of the loop. */
    void begin() {
        origins.add(this);
        loop().arm(timer, loop().now() + FIRST_LOOK_NANOS);
        exchange.whenClosed(() -> {
            if (!over) {
                later(this::clientLeft);
            }
        });
        if (!useIdleConnection()) {
            connect();
        }
    }

    // Connections

    private boolean useIdleConnection() {
        boolean canBeSentTwice = Idempotence.of(exchange.method()) && framing.kind() == RequestFraming.Kind.NONE;
        Http1Connection idle = origins.pool().take(target, this, !canBeSentTwice);
        if (idle != null) {
            connection = idle;
            send(idle);
        }
        return idle != null;
    }

    private void connect() {
        waitingSince = loop().now();
        switch (bound.enter(this)) {
            case PLACE -> connectInPlace();
            case WAITS -> {
                waitFor(Wait.PLACE);
                origins.reclaimEverywhere();
            }
            case REFUSED ->
                fail(
                        503,
                        target + " has as many connections as it may, and as many exchanges wait for one",
                        Wait.PLACE.remedy());
        }
    }

    @Override
    public long waitingSince() {
        return waitingSince;
    }

    @Override
    public void mayConnect() {
        laterEvenIfOver(() -> {
            if (over) {
                bound.left();
            } else {
                connectInPlace();
            }
        });
    }

    @Override
    public void mayUse(Http1Connection idle) {
        laterEvenIfOver(() -> {
            if (over) {
                origins.pool().giveBack(idle);
            } else if (!idle.isOpen()) {
                connect();
            } else {
                idle.take(this);
                connection = idle;
                send(idle);
            }
        });
    }

    private void connectInPlace() {
        hasPlace = true;
        waitFor(Wait.CONNECTION);
        origins.addresses().resolve(target, found -> {
            if (loop().isInside()) {
                resolved(found);
            } else {
                later(() -> resolved(found));
            }
        });
    }

    private void resolved(List<SocketAddress> found) {
        if (found.isEmpty()) {
            fail(502, target + " has no address", "Correct the target, or the name service");
            return;
        }
        addresses = found.iterator();
        connectNext();
    }

    private void connectNext() {
        SocketAddress address = addresses.next();
        try {
            connection = Http1Connection.open(loop(), origins.tlsTasks(), target, address, this);
        } catch (IOException failed) {
            connectFailed(failed);
        }
    }

    @Override
    public void connectFailed(IOException cause) {
        closeConnection();
        if (addresses.hasNext()) {
            connectNext();
        } else {
            ConnectFailure failure = ConnectFailure.of(target, cause);
            fail(502, failure.problem(), failure.remedy());
        }
    }

    @Override
    public void connected() {
        if (connection != null) {
            connection.holdPlace(bound);
            hasPlace = false;
            send(connection);
        }
    }

    private void send(Http1Connection open) {
        relay = new ResponseRelay(this, open);
        upload = new RequestUpload(this, open);
        upload.begin();
    }

    @Override
    public void readable() {
        if (relay != null) {
            relay.readable();
        }
    }

    @Override
    public void writable() {
        if (upload != null) {
            upload.pump();
        }
    }

    // What the two directions report

    /** The request cannot go on. Once there is a response, only that one has to. */
    void requestWaitsFor(Wait next) {
        if (!responseBegun) {
            waitFor(next);
        }
    }

    /** The whole request is with the origin. */
    void requestSent() {
        requestWaitsFor(Wait.RESPONSE_HEAD);
    }

    /** The origin takes no more. It may have answered before, and that answer counts; without one the call fails. */
    void sendFailed() {
        requestWaitsFor(Wait.RESPONSE_HEAD);
        readable();
    }

    void originContinues() {
        if (upload != null) {
            upload.continueNow();
        }
    }

    void responseBegins(int status) {
        responseBegun = true;
        waitFor(Wait.RESPONSE_CONTENT);
        if (upload != null && (status >= 400 || upload.isWaitingForContinue())) {
            upload.stop();
        }
    }

    void responseEnded(boolean leftOver) {
        Http1Connection used = connection;
        boolean requestComplete = upload != null && upload.isComplete();
        if (leftOver) {
            LOG.warn(
                    "{}: {} sent bytes after its response; closed the connection. Correct the framing of its responses",
                    service.name(),
                    target);
        } else if (used != null && used.decoder().isPersistent() && requestComplete) {
            connection = null;
            origins.pool().giveBack(used);
        }
        finish();
    }

    void originMalformed(MalformedResponseException malformed) {
        fail(502, target + " sent a malformed response: " + malformed.getMessage(), "Correct the target");
    }

    void originTruncated(TruncatedResponseException truncated) {
        if (mayRetry()) {
            retry();
        } else {
            fail(502, target + " closed the connection " + truncated.getMessage(), "See its log for the cause");
        }
    }

    private boolean mayRetry() {
        return connection != null
                && connection.isReused()
                && !connection.decoder().hasBegun()
                && upload != null
                && upload.isUntouched()
                && (upload.hasSentNothing() || Idempotence.of(exchange.method()))
                && !retried;
    }

    private void retry() {
        LOG.debug("{}: {} had closed an idle connection; sending the request over a new one", service.name(), target);
        retried = true;
        stopBoth();
        closeConnection();
        connect();
    }

    /** The exchange cannot be read from or written to. */
    void clientFailed(IOException cause) {
        if (exchange.isResponseStarted() || !exchange.isClientConnected()) {
            clientLeft();
        } else {
            fail(400, "the request content is malformed (" + cause.getMessage() + ")", "The client must correct it");
        }
    }

    private void clientLeft() {
        LOG.debug("{}: the client left; cancelled the request to {}", service.name(), target);
        exchange.abort(new IOException("the client left"));
        finish();
    }

    @Override
    public void failedUnexpectedly(Throwable cause) {
        if (!over) {
            LOG.error("{}: an exchange with {} failed unexpectedly; report this", service.name(), target, cause);
            Answer.send(exchange, 500, "The request could not be forwarded.");
            finish();
        }
    }

    /** The router is closing. */
    void routerCloses() {
        exchange.abort(new IOException("the router was closed"));
        finish();
    }

    private void fail(int status, String problem, String remedy) {
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
            case 503 -> "The application has too many requests at the moment.";
            case 504 -> "The application did not answer in time.";
            default -> "The application cannot be reached.";
        };
    }

    // Time

    /** Begins to wait for something else; the time allowed starts now. */
    void waitFor(Wait next) {
        wait = next;
        progressed();
    }

    /** Some of the response moved. A head that comes in pieces must still be complete in time. */
    void responseProgressed() {
        if (responseBegun) {
            progressed();
        }
    }

    /** Something moved: the time allowed starts again. */
    void progressed() {
        long nanos = wait.limit(service).toNanos();
        hasDeadline = nanos > 0;
        deadline = loop().now() + nanos;
    }

    private void look() {
        long now = loop().now();
        if (hasDeadline && deadline - now <= 0) {
            waitedTooLong();
        } else if (wait.isForOrigin() && !exchange.isClientConnected()) {
            clientLeft();
        }
        if (!over) {
            long next = now + NEXT_LOOK_NANOS;
            loop().arm(timer, hasDeadline && deadline - next < 0 ? deadline : next);
        }
    }

    private void waitedTooLong() {
        if (wait == Wait.CONTINUE) {
            originContinues();
        } else {
            fail(wait.status(), wait.problem(service), wait.remedy());
        }
    }

    // The end

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        loop().disarm(timer);
        stopBoth();
        closeConnection();
        leavePlace();
        origins.remove(this);
    }

    private void leavePlace() {
        if (hasPlace) {
            hasPlace = false;
            bound.left();
        } else if (wait == Wait.PLACE) {
            bound.giveUp(this);
        }
    }

    private void stopBoth() {
        if (upload != null) {
            upload.stop();
        }
        if (relay != null) {
            relay.stop();
        }
    }

    private void closeConnection() {
        Http1Connection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
    }

    // What the two directions use

    /** Goes on with something later on the thread of the loop, unless the call is over by then. */
    void later(Runnable step) {
        laterEvenIfOver(() -> {
            if (!over) {
                step.run();
            }
        });
    }

    void laterEvenIfOver(Runnable step) {
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

    RoutedExchange exchange() {
        return exchange;
    }

    RequestFraming framing() {
        return framing;
    }

    @Override
    public EventLoop loop() {
        return origins.loop();
    }

    RequestEncoder encoder() {
        return origins.encoder();
    }
}
