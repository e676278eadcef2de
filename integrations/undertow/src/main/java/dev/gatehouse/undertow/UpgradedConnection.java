package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * A connection that has left HTTP/1.1 behind. Its channels are touched by its I/O thread only. A caller on that thread reads
 * from the connection into its own buffer; for callers on other threads there is a buffer from Undertow's pool, and only
 * while it holds something. Each of the two directions belongs to one caller at a time.
 */
final class UpgradedConnection {

    private final HttpServerExchange exchange;
    private final HostThread thread;
    private final ByteBufferPool buffers;
    private final Consumer<@Nullable Throwable> ended;
    private final AtomicReference<@Nullable Runnable> awaited = new AtomicReference<>();

    // Of the I/O thread

    private @Nullable StreamConnection connection;
    private @Nullable Write pending;
    private boolean outputEnded;

    // Of both sides

    private volatile boolean readElsewhere;
    private volatile boolean inputEnded;
    private volatile @Nullable IOException failure;

    /** What has been read for another thread; guarded by this. */
    private @Nullable PooledByteBuffer ahead;

    /** Prepares for {@link #start}; told once both directions have ended (null) or the connection has broken. */
    UpgradedConnection(HttpServerExchange exchange, HostThread thread, Consumer<@Nullable Throwable> ended) {
        this.exchange = exchange;
        this.thread = thread;
        this.ended = ended;
        buffers = exchange.getConnection().getByteBufferPool();
    }

    /** Sends 101. What is read and written before it has gone waits for that. */
    void start(String protocol, HttpFields fields) {
        thread.executeThere(() -> {
            fields.forEach((name, value) -> exchange.getResponseHeaders().add(new HttpString(name), value));
            exchange.setPersistent(true);
            exchange.upgradeChannel(protocol, (switched, httpExchange) -> switched(switched));
            exchange.endExchange();
        });
    }

    private void switched(StreamConnection switched) {
        connection = switched;
        switched.getSourceChannel().suspendReads();
        switched.getSinkChannel().suspendWrites();
        switched.getSourceChannel().setReadListener(source -> {
            source.suspendReads();
            readable();
        });
        switched.getSinkChannel().setWriteListener(sink -> {
            sink.suspendWrites();
            proceed();
        });
        if (awaited.get() != null) {
            switched.getSourceChannel().resumeReads();
        }
        proceed();
    }

    // From the client

    int read(ByteBuffer into) throws IOException {
        int count = readAhead(into);
        if (count > 0) {
            return count;
        }
        IOException broken = failure;
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
        if (inputEnded) {
            return -1;
        }
        if (!thread.isRight()) {
            readElsewhere = true;
            return 0;
        }
        StreamConnection open = connection;
        return open == null ? 0 : noteEnd(open.getSourceChannel().read(into));
    }

    private int noteEnd(int count) {
        if (count < 0) {
            inputEnded = true;
            thread.execute(this::endIfBothHave);
        }
        return count;
    }

    private synchronized int readAhead(ByteBuffer into) {
        PooledByteBuffer pooled = ahead;
        if (pooled == null) {
            return 0;
        }
        ByteBuffer bytes = pooled.getBuffer();
        int count = Math.min(bytes.remaining(), into.remaining());
        into.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        if (!bytes.hasRemaining()) {
            releaseAhead();
        }
        return count;
    }

    private synchronized boolean hasAhead() {
        return ahead != null;
    }

    private synchronized void releaseAhead() {
        PooledByteBuffer pooled = ahead;
        ahead = null;
        if (pooled != null) {
            pooled.close();
        }
    }

    void whenReadable(Runnable resumed) {
        if (!awaited.compareAndSet(null, resumed)) {
            throw new IllegalStateException("whenReadable has been called before and has not called back yet");
        }
        thread.executeWhereRight(this::await);
    }

    private void await() {
        if (failure != null || inputEnded || hasAhead()) {
            thread.execute(this::resume);
        } else if (connection != null) {
            connection.getSourceChannel().resumeReads();
        }
    }

    private void readable() {
        StreamConnection open = connection;
        if (readElsewhere && open != null && !fillAhead(open)) {
            open.getSourceChannel().resumeReads();
        } else {
            resume();
        }
    }

    /** {@return whether there is something for the caller: bytes, the end or a failure} */
    private boolean fillAhead(StreamConnection open) {
        PooledByteBuffer pooled = buffers.allocate();
        int count = 0;
        try {
            count = noteEnd(open.getSourceChannel().read(pooled.getBuffer()));
        } catch (IOException broken) {
            failure = broken;
        }
        if (count <= 0) {
            pooled.close();
            return count < 0 || failure != null;
        }
        pooled.getBuffer().flip();
        synchronized (this) {
            ahead = pooled;
        }
        return true;
    }

    private void resume() {
        Runnable next = awaited.getAndSet(null);
        if (next != null) {
            next.run();
        }
    }

    // To the client

    /**
     * Writes as far as that goes without waiting.
     *
     * @return false if the rest follows by itself, after which {@code resumed} runs
     */
    boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        Write write = new Write(data, last, resumed);
        if (!thread.isRight() || connection == null) {
            thread.execute(() -> {
                pending = write;
                proceed();
            });
            return false;
        }
        boolean taken = push(connection, write);
        if (!taken) {
            pending = write;
            connection.getSinkChannel().resumeWrites();
        } else if (last) {
            thread.execute(this::endIfBothHave);
        }
        return taken;
    }

    private void proceed() {
        Write write = pending;
        StreamConnection open = connection;
        if (write == null || (open == null && failure == null)) {
            return;
        }
        try {
            if (open != null && failure == null && !push(open, write)) {
                open.getSinkChannel().resumeWrites();
                return;
            }
        } catch (IOException broken) {
            failure = broken;
        }
        pending = null;
        write.resumed().run();
        if (failure == null) {
            endIfBothHave();
        } else {
            ended.accept(failure);
        }
    }

    private boolean push(StreamConnection open, Write write) throws IOException {
        while (write.data().hasRemaining()) {
            if (open.getSinkChannel().write(write.data()) == 0) {
                return false;
            }
        }
        if (write.last() && !outputEnded) {
            outputEnded = true;
            open.getSinkChannel().shutdownWrites();
        }
        return open.getSinkChannel().flush();
    }

    private record Write(ByteBuffer data, boolean last, Runnable resumed) {}

    // The end

    private void endIfBothHave() {
        if (inputEnded && outputEnded && pending == null) {
            ended.accept(null);
        }
    }

    /** Gives back what is held, and lets waiting callers find out. On the I/O thread, once the exchange has ended. */
    void close(IOException cause) {
        failure = cause;
        releaseAhead();
        proceed();
        resume();
    }
}
