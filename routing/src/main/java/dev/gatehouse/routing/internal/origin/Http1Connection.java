package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.http1.ResponseDecoder;
import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import dev.gatehouse.routing.internal.tls.TlsChannel;
import dev.gatehouse.routing.internal.tls.TlsTasks;
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

    /** As ALPN knows it (RFC 7301, section 6). */
    private static final String HTTP_1_1 = "http/1.1";

    private final Target target;
    private final LoopChannel channel;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private @Nullable User user;
    private boolean reused;
    private long idleSince;
    private @Nullable ConnectionBound bound;

    private Http1Connection(EventLoop loop, TlsTasks tasks, Target target, SocketAddress address, User user)
            throws IOException {
        this.target = target;
        this.user = user;
        OriginTls tls = target.tls();
        channel = tls == null
                ? loop.connect(address, this)
                : TlsChannel.connect(loop, address, tls.newEngine(target.host(), target.port(), HTTP_1_1), tasks, this);
    }

    /** Begins to connect. The user is told how it ended; never before this method has returned. */
    static Http1Connection open(EventLoop loop, TlsTasks tasks, Target target, SocketAddress address, User user)
            throws IOException {
        return new Http1Connection(loop, tasks, target, address, user);
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
        } else if (!isUsable(ByteBuffer.allocate(1))) {
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

    /**
     * Whether the origin has neither closed the idle connection nor sent something over it, as far as is known here. What
     * belongs to TLS itself, a ticket for the next session for instance, does no harm.
     */
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

    /** Takes over a place among the connections of its target, until it is closed. */
    void holdPlace(ConnectionBound held) {
        bound = held;
    }

    /** The bound under which it has a place; null if it has none, or has been closed. */
    @Nullable
    ConnectionBound bound() {
        return bound;
    }

    void close() {
        user = null;
        channel.close();
        ConnectionBound held = bound;
        bound = null;
        if (held != null) {
            held.left();
        }
    }
}
