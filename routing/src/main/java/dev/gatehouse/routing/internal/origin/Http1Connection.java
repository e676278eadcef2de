package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.http1.ResponseDecoder;
import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to an origin, which carries one exchange after the other. Belongs to the thread of its loop. */
final class Http1Connection implements ChannelListener {

    /** Who uses the connection at the moment. */
    interface User {
        void connected();

        void connectFailed(IOException cause);

        void readable();

        void writable();

        /** Deals with a mistake in one of the other methods. */
        void failedUnexpectedly(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

    private final Target target;
    private final LoopChannel channel;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private @Nullable User user;
    private boolean reused;
    private long idleSince;

    private Http1Connection(EventLoop loop, Target target, SocketAddress address, User user) throws IOException {
        this.target = target;
        this.user = user;
        channel = loop.connect(address, this);
    }

    /** Begins to connect. The user is told how it ended; never before this method has returned. */
    static Http1Connection open(EventLoop loop, Target target, SocketAddress address, User user) throws IOException {
        return new Http1Connection(loop, target, address, user);
    }

    @Override
    public void connected() {
        User current = user;
        if (current != null) {
            current.connected();
        }
    }

    @Override
    public void connectFailed(IOException cause) {
        User current = user;
        if (current != null) {
            current.connectFailed(cause);
        }
    }

    @Override
    public void writable() {
        User current = user;
        if (current != null) {
            current.writable();
        }
    }

    @Override
    public void readable() {
        User current = user;
        if (current != null) {
            current.readable();
        } else {
            LOG.debug("{}: an idle connection was closed by the target, or broken by bytes nobody asked for", target);
            close();
        }
    }

    @Override
    public void failedUnexpectedly(Throwable mistake) {
        User current = user;
        if (current != null) {
            current.failedUnexpectedly(mistake);
        } else {
            LOG.error("{}: an idle connection failed unexpectedly; report this", target, mistake);
            close();
        }
    }

    /** Gives the connection, which is idle, to a new user. */
    void take(User next) {
        user = next;
        reused = true;
    }

    /** Takes the connection from its user, who has left it waiting for bytes to read and for nothing else. */
    void becomeIdle(long now) {
        user = null;
        idleSince = now;
    }

    /** Whether the origin has neither closed the idle connection nor sent something over it, as far as is known here. */
    boolean isUsable(ByteBuffer scratch) {
        try {
            return channel.isOpen() && channel.read(scratch) == 0;
        } catch (IOException broken) {
            return false;
        }
    }

    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    void wantRead(boolean wanted) {
        channel.wantRead(wanted);
    }

    void wantWrite(boolean wanted) {
        channel.wantWrite(wanted);
    }

    ResponseDecoder decoder() {
        return decoder;
    }

    Target target() {
        return target;
    }

    /** Whether the connection has carried an exchange before the one of its user. */
    boolean isReused() {
        return reused;
    }

    long idleSince() {
        return idleSince;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() {
        user = null;
        channel.close();
    }
}
