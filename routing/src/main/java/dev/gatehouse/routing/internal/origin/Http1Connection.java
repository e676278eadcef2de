package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.http1.ResponseDecoder;
import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
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
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private @Nullable User user;
    private boolean connecting = true;
    private boolean reused;
    private long idleSince;

    private Http1Connection(EventLoop loop, Target target, SocketChannel channel, User user) throws IOException {
        this.target = target;
        this.channel = channel;
        this.user = user;
        key = loop.register(channel, SelectionKey.OP_CONNECT, this);
    }

    /** Begins to connect. The user is told how it ended; never before this method has returned. */
    static Http1Connection open(EventLoop loop, Target target, InetSocketAddress address, User user)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            Http1Connection connection = new Http1Connection(loop, target, channel, user);
            if (channel.connect(address)) {
                loop.execute(connection::connectable);
            }
            return connection;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    @Override
    public void ready(int readyOperations) {
        User current = user;
        try {
            if ((readyOperations & SelectionKey.OP_CONNECT) != 0) {
                connectable();
            }
            if ((readyOperations & SelectionKey.OP_WRITE) != 0 && current != null) {
                current.writable();
            }
            boolean sameUser = current == null || user != null;
            if ((readyOperations & SelectionKey.OP_READ) != 0 && sameUser) {
                readable(current);
            }
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            if (current == null) {
                throw mistake;
            }
            current.failedUnexpectedly(mistake);
        }
    }

    private void connectable() {
        User current = user;
        if (current == null || !connecting) {
            return;
        }
        connecting = false;
        try {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException failed) {
            current.connectFailed(failed);
            return;
        }
        current.connected();
    }

    private void readable(@Nullable User current) {
        if (current != null) {
            current.readable();
        } else {
            LOG.debug("{}: an idle connection was closed by the target, or broken by bytes nobody asked for", target);
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

    void wantRead(boolean wanted) {
        want(SelectionKey.OP_READ, wanted);
    }

    void wantWrite(boolean wanted) {
        want(SelectionKey.OP_WRITE, wanted);
    }

    private void want(int operation, boolean wanted) {
        if (key.isValid()) {
            int before = key.interestOps();
            int after = wanted ? before | operation : before & ~operation;
            if (after != before) {
                key.interestOps(after);
            }
        }
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
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            LOG.debug("{}: closing a connection failed: {}", target, alreadyBroken.toString());
        }
    }
}
