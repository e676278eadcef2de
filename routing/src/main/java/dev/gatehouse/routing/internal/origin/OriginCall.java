package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.exchange.RequestFraming;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.http1.MalformedResponseException;
import dev.gatehouse.routing.internal.http1.TruncatedResponseException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange with an origin in HTTP/1.1, from the choice of a connection to the end of the response: it decides about
 * connections and retries, while {@link RequestUpload} and {@link ResponseRelay} move the bytes.
 */
final class OriginCall extends TargetCall implements Http1Connection.User {

    private static final Logger LOG = LoggerFactory.getLogger(OriginCall.class);

    private Iterator<InetSocketAddress> addresses = List.<InetSocketAddress>of().iterator();
    private @Nullable Http1Connection connection;
    private @Nullable RequestUpload upload;
    private @Nullable ResponseRelay relay;
    private boolean retried;

    OriginCall(OriginLoop origins, RoutedExchange exchange, Target target) {
        super(origins, exchange, target);
    }

    @Override
    void start() {
        if (!useIdleConnection()) {
            connect();
        }
    }

    // Connections

    private boolean useIdleConnection() {
        boolean canBeSentTwice =
                Idempotence.of(exchange().method()) && framing().kind() == RequestFraming.Kind.NONE;
        Http1Connection idle = origins().pool().take(target(), this, !canBeSentTwice);
        if (idle != null) {
            connection = idle;
            send(idle);
        }
        return idle != null;
    }

    private void connect() {
        waitFor(Wait.CONNECTION);
        origins().addresses().resolve(target(), found -> {
            if (loop().isInside()) {
                resolved(found);
            } else {
                later(() -> resolved(found));
            }
        });
    }

    private void resolved(List<InetSocketAddress> found) {
        if (found.isEmpty()) {
            fail(502, target() + " has no address", "Correct the target, or the name service");
            return;
        }
        addresses = found.iterator();
        connectNext();
    }

    private void connectNext() {
        InetSocketAddress address = addresses.next();
        try {
            connection = Http1Connection.open(loop(), target(), address, this);
        } catch (IOException failed) {
            connectFailed(failed);
        }
    }

    @Override
    public void connectFailed(IOException cause) {
        closeConnection();
        if (addresses.hasNext()) {
            connectNext();
        } else if (cause instanceof ConnectException) {
            fail(502, target() + " refused the connection", "Start the target, or correct its address");
        } else {
            fail(
                    502,
                    target() + " cannot be reached (" + cause.getMessage() + ")",
                    "Correct its address, or the network");
        }
    }

    @Override
    public void connected() {
        if (connection != null) {
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
                && (upload.hasSentNothing() || Idempotence.of(exchange().method()))
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
}
