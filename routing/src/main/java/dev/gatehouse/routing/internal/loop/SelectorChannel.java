package dev.gatehouse.routing.internal.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket at the selector of a {@link SelectorLoop}. Belongs to the thread of the loop. */
final class SelectorChannel implements LoopChannel {

    private static final Logger LOG = LoggerFactory.getLogger(SelectorChannel.class);

    private final SocketAddress address;
    private final SocketChannel channel;
    private final ChannelListener listener;
    private final SelectionKey key;
    private boolean connecting = true;

    private SelectorChannel(SocketAddress address, SocketChannel channel, ChannelListener listener, Selector selector)
            throws IOException {
        this.address = address;
        this.channel = channel;
        this.listener = listener;
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    static SelectorChannel connect(
            SelectorLoop loop, Selector selector, SocketAddress address, ChannelListener listener) throws IOException {
        SocketChannel channel = open(address);
        try {
            channel.configureBlocking(false);
            SelectorChannel connection = new SelectorChannel(address, channel, listener, selector);
            if (channel.connect(address)) {
                loop.execute(() -> connection.ready(SelectionKey.OP_CONNECT));
            }
            return connection;
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress)) {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        }
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return channel;
    }

    void ready(int readyOperations) {
        try {
            if ((readyOperations & SelectionKey.OP_CONNECT) != 0) {
                connectable();
            }
            if ((readyOperations & SelectionKey.OP_WRITE) != 0) {
                listener.writable();
            }
            if ((readyOperations & SelectionKey.OP_READ) != 0 && key.isValid()) {
                listener.readable();
            }
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            listener.failedUnexpectedly(mistake);
        }
    }

    private void connectable() {
        if (!connecting || !key.isValid()) {
            return;
        }
        connecting = false;
        try {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException failed) {
            listener.connectFailed(failed);
            return;
        }
        listener.connected();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public void wantRead(boolean wanted) {
        want(SelectionKey.OP_READ, wanted);
    }

    @Override
    public void wantWrite(boolean wanted) {
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

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            LOG.debug("{}: closing a connection failed: {}", address, alreadyBroken.toString());
        }
    }
}
