package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.http1.MalformedResponseException;
import dev.gatehouse.routing.internal.http1.TruncatedResponseException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with an origin in HTTP/1.1, from the choice of a connection to the end of the response: it decides about
 * connections and retries, while {@link RequestUpload} and {@link ResponseRelay} move the bytes.
 */
final class OriginCall extends TargetCall implements Http1Connection.User, ConnectionBound.Waiter {

    private static final Logger LOG = LoggerFactory.getLogger(OriginCall.class);

    private final ConnectionBound bound;
    private final @Nullable Upgrade upgrade;

    private Iterator<SocketAddress> addresses = List.<SocketAddress>of().iterator();
    private @Nullable Http1Connection connection;
    private @Nullable RequestUpload upload;
    private @Nullable ResponseRelay relay;
    private @Nullable Tunnel tunnel;

    /** Whether the call has a place that no connection has taken over yet. */
    private boolean hasPlace;

    private boolean waitsForPlace;
    private long waitingSince;
    private boolean retried;

    OriginCall(OriginLoop origins, RoutedExchange exchange, Target target, ConnectionBound bound) {
        super(origins, exchange, target);
        this.bound = bound;
        upgrade = Upgrade.of(exchange);
    }

    @Override
    void start() {
        if (!useIdleConnection()) {
            connect();
        }
    }

    // Connections

    private boolean useIdleConnection() {
        boolean canBeSentTwice = Idempotence.of(method()) && framing().kind() == RequestFraming.Kind.NONE;
        Http1Connection idle = origins().pool().take(target(), this, !canBeSentTwice);
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
                waitsForPlace = true;
                waitFor(Wait.PLACE);
                origins().reclaimEverywhere();
            }
            case REFUSED ->
                fail(
                        503,
                        target() + " has as many connections as it may, and as many exchanges wait for one",
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
            if (isOver()) {
                bound.left();
            } else {
                connectInPlace();
            }
        });
    }

    @Override
    public void mayUse(Http1Connection idle) {
        laterEvenIfOver(() -> {
            if (isOver()) {
                origins().pool().giveBack(idle);
            } else if (!idle.isOpen()) {
                connect();
            } else {
                waitsForPlace = false;
                idle.take(this);
                connection = idle;
                send(idle);
            }
        });
    }

    private void connectInPlace() {
        waitsForPlace = false;
        hasPlace = true;
        waitFor(Wait.CONNECTION);
        origins().addresses().resolve(target(), found -> {
            if (loop().isInside()) {
                resolved(found);
            } else {
                later(() -> resolved(found));
            }
        });
    }

    private void resolved(List<SocketAddress> found) {
        if (found.isEmpty()) {
            fail(502, target() + " has no address", "Correct the target, or the name service");
            return;
        }
        addresses = found.iterator();
        connectNext();
    }

    private void connectNext() {
        SocketAddress address = addresses.next();
        try {
            connection = Http1Connection.open(loop(), origins().tlsTasks(), target(), address, this);
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
            ConnectFailure failure = ConnectFailure.of(target(), cause);
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
        if (tunnel != null) {
            tunnel.readable();
        } else if (relay != null) {
            relay.readable();
        }
    }

    @Override
    public void writable() {
        if (tunnel != null) {
            tunnel.writable();
        } else if (upload != null) {
            upload.pump();
        }
    }

    // What the two directions report

    /** The origin takes no more. It may have answered before, and that answer counts; without one the call fails. */
    void sendFailed() {
        requestWaitsFor(Wait.RESPONSE_HEAD);
        readable();
    }

    @Override
    void originContinues() {
        if (upload != null) {
            upload.continueNow();
        }
    }

    void responseBegins(int status) {
        responseHasBegun();
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
                    service().name(),
                    target());
        } else if (used != null && used.decoder().isPersistent() && requestComplete) {
            connection = null;
            origins().pool().giveBack(used);
        }
        finish();
    }

    /** The origin speaks another protocol from here on; the tunnel gets the buffer with what came behind its head. */
    void originSwitches(Upgrade asked, HttpFields fields, @Nullable ByteBuffer behindHead) {
        Http1Connection used = connection;
        boolean requestComplete = upload != null && upload.isComplete();
        if (used != null && requestComplete && asked.isConfirmedBy(fields)) {
            responseHasBegun();
            tunnel = new Tunnel(this, used, behindHead);
            exchange().startUpgrade(asked.answered(fields));
            tunnel.begin();
            return;
        }
        if (behindHead != null) {
            loop().buffers().release(behindHead);
        }
        String flaw = requestComplete
                ? "with a Sec-WebSocket-Accept that does not fit the key"
                : "before it had the whole request";
        fail(502, target() + " switched protocols " + flaw, "Correct the target");
    }

    /** What it answered means over HTTP/2 that it has switched, and over HTTP/1.1 that it has not. */
    void originDidNotSwitch(int status) {
        fail(
                502,
                target() + " answered " + status + " to a request for another protocol, which HTTP/2 cannot pass on",
                "Have it answer 101, or a status from 300 on");
    }

    /** Both directions of the tunnel have ended. */
    void tunnelEnded() {
        finish();
    }

    /** The origin's side of the tunnel broke. */
    void tunnelBroken(IOException cause) {
        LOG.info(
                "{}: {} broke an upgraded connection ({}); closed the client's. See its log for the cause",
                service().name(),
                target(),
                cause.getMessage());
        exchange().abort(cause);
        finish();
    }

    void originMalformed(MalformedResponseException malformed) {
        fail(502, target() + " sent a malformed response: " + malformed.getMessage(), "Correct the target");
    }

    void originTruncated(TruncatedResponseException truncated) {
        if (mayRetry()) {
            retry();
        } else {
            fail(502, target() + " closed the connection " + truncated.getMessage(), "See its log for the cause");
        }
    }

    private boolean mayRetry() {
        return connection != null
                && connection.isReused()
                && !connection.decoder().hasBegun()
                && upload != null
                && upload.isUntouched()
                && (upload.hasSentNothing() || Idempotence.of(method()))
                && !retried;
    }

    private void retry() {
        LOG.debug(
                "{}: {} had closed an idle connection; sending the request over a new one",
                service().name(),
                target());
        retried = true;
        stopBoth();
        closeConnection();
        connect();
    }

    @Override
    void release() {
        stopBoth();
        closeConnection();
        leavePlace();
    }

    private void leavePlace() {
        if (hasPlace) {
            hasPlace = false;
            bound.left();
        } else if (waitsForPlace) {
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
        if (tunnel != null) {
            tunnel.stop();
        }
    }

    private void closeConnection() {
        Http1Connection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
    }

    @Nullable
    Upgrade upgrade() {
        return upgrade;
    }

    /** The method with which the origin is asked. */
    String method() {
        return upgrade == null ? exchange().method() : upgrade.method(exchange().method());
    }

    HttpFields withUpgrade(HttpFields fields) {
        return upgrade == null ? fields : upgrade.asked(fields);
    }
}
