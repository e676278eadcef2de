package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection that is opened ahead of its use. It has a place already. Belongs to the thread of the loop. */
final class WarmUp implements Http1Connection.User {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final WarmTarget owner;
    private final OriginLoop origins;
    private final Target target;
    private final long deadline;
    private Iterator<SocketAddress> addresses = List.<SocketAddress>of().iterator();
    private @Nullable Http1Connection connection;
    private boolean over;

    WarmUp(WarmTarget owner, OriginLoop origins, Target target) {
        this.owner = owner;
        this.origins = origins;
        this.target = target;
        deadline = origins.loop().now() + TIMEOUT_NANOS;
    }

    void begin() {
        origins.addresses().resolve(target, found -> {
            try {
                origins.loop().execute(() -> resolved(found));
            } catch (RejectedExecutionException closed) {
                LOG.trace("{}: the router was closed before a connection was opened ahead", target);
            }
        });
    }

    private void resolved(List<SocketAddress> found) {
        if (over) {
            return;
        }
        if (found.isEmpty()) {
            fail(target + " has no address", "Correct the target, or the name service");
            return;
        }
        addresses = found.iterator();
        connectNext();
    }

    private void connectNext() {
        try {
            connection = Http1Connection.open(origins.loop(), origins.tlsTasks(), target, addresses.next(), this);
        } catch (IOException failed) {
            connectFailed(failed);
        }
    }

    @Override
    public void connected() {
        Http1Connection open = connection;
        if (!over && open != null) {
            over = true;
            connection = null;
            owner.opened(this, open);
        }
    }

    @Override
    public void connectFailed(IOException cause) {
        closeConnection();
        if (!over && addresses.hasNext()) {
            connectNext();
        } else {
            ConnectFailure failure = ConnectFailure.of(target, cause);
            fail(failure.problem(), failure.remedy());
        }
    }

    void endIfLate() {
        if (deadline - origins.loop().now() <= 0) {
            fail(
                    target + " did not accept a connection within " + TimeUnit.NANOSECONDS.toSeconds(TIMEOUT_NANOS)
                            + " s",
                    "See whether it is overloaded, or correct its address");
        }
    }

    private void fail(String problem, String remedy) {
        if (!over) {
            over = true;
            closeConnection();
            owner.failed(this, problem, remedy);
        }
    }

    private void closeConnection() {
        Http1Connection used = connection;
        connection = null;
        if (used != null) {
            used.close();
        }
    }

    @Override
    public void readable() {
        // nothing has been asked yet: it is looked at when the connection is taken
    }

    @Override
    public void writable() {
        // nothing is to be sent
    }

    @Override
    public void failedUnexpectedly(Throwable cause) {
        LOG.error("{}: a connection could not be opened ahead; report this", target, cause);
        fail(target + " could not be connected to", "See the line before");
    }
}
