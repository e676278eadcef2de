package dev.gatehouse.undertow;

import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/** A connection to an origin at an I/O thread of Undertow. Belongs to that thread. */
final class XnioChannel implements LoopChannel {

    private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

    private final ChannelListener listener;
    private @Nullable IoFuture<StreamConnection> connecting;
    private @Nullable StreamConnection connection;
    private @Nullable ConduitStreamSourceChannel source;
    private @Nullable ConduitStreamSinkChannel sink;
    private boolean closed;

    private XnioChannel(ChannelListener listener) {
        this.listener = listener;
    }

    static XnioChannel connect(XnioIoThread thread, SocketAddress address, ChannelListener listener) {
        XnioChannel channel = new XnioChannel(listener);
        IoFuture<StreamConnection> connecting = thread.openStreamConnection(address, null, OPTIONS);
        channel.connecting = connecting;
        connecting.addNotifier((decided, unused) -> thread.execute(() -> channel.decided(connecting)), null);
        return channel;
    }

    private void decided(IoFuture<StreamConnection> future) {
        connecting = null;
        if (future.getStatus() == IoFuture.Status.DONE) {
            opened(result(future));
        } else if (!closed) {
            closed = true;
            IOException cause =
                    future.getStatus() == IoFuture.Status.FAILED ? future.getException() : new ClosedChannelException();
            guarded(() -> listener.connectFailed(cause));
        }
    }

    private static StreamConnection result(IoFuture<StreamConnection> future) {
        try {
            return future.get();
        } catch (IOException impossible) {
            throw new IllegalStateException("a connection that is open has failed", impossible);
        }
    }

    private void opened(StreamConnection opened) {
        if (closed) {
            IoUtils.safeClose(opened);
            return;
        }
        connection = opened;
        source = opened.getSourceChannel();
        sink = opened.getSinkChannel();
        source.setReadListener(ready -> readable());
        sink.setWriteListener(ready -> writable());
        source.resumeReads();
        guarded(listener::connected);
    }

    private void readable() {
        if (!closed) {
            guarded(listener::readable);
        }
    }

    private void writable() {
        if (!closed) {
            guarded(listener::writable);
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError mistake) {
            listener.failedUnexpectedly(mistake);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (source == null || closed) {
            throw new ClosedChannelException();
        }
        return source.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (sink == null || closed) {
            throw new ClosedChannelException();
        }
        return sink.write(from);
    }

    @Override
    public void wantRead(boolean wanted) {
        if (source == null || closed) {
            return;
        }
        if (wanted) {
            source.resumeReads();
        } else {
            source.suspendReads();
        }
    }

    @Override
    public void wantWrite(boolean wanted) {
        if (sink == null || closed) {
            return;
        }
        if (wanted) {
            sink.resumeWrites();
        } else {
            sink.suspendWrites();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (sink == null || closed) {
            throw new ClosedChannelException();
        }
        sink.shutdownWrites();
        sink.flush();
    }

    @Override
    public boolean isOpen() {
        return !closed && (connection == null || connection.isOpen());
    }

    @Override
    public void close() {
        closed = true;
        if (connecting != null) {
            connecting.cancel();
        }
        IoUtils.safeClose(connection);
    }
}
