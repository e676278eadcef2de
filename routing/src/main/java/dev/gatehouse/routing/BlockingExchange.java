package dev.gatehouse.routing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An exchange of a host whose I/O blocks, such as a servlet container without asynchronous I/O or the server of the JDK:
 * the base of its adapter, which says how to read and to write and leaves the rest to this class.
 *
 * <pre>{@code
 * server.createContext("/", http -> new JdkExchange(http, readers).serve(router));
 * }</pre>
 *
 * <p><b>Threads.</b> {@link #serve} holds the thread of the host until the exchange is over, and writes on it. Content is
 * read on the threads of an executor, one task at a time, so that a response can begin while its request is still coming.
 * The threads of the router never wait for either: they hand over one buffer at a time and are called back.
 *
 * <p><b>What such a host cannot do:</b> a client that leaves while the target is silent is noticed only by the next read or
 * write, unless {@link #isClientConnected} is overridden.
 */
public abstract class BlockingExchange implements HttpExchange {

    private static final int READ_BYTES = 16 * 1024;
    private static final Runnable OVER = () -> {};

    private final Executor readers;
    private final BlockingQueue<Runnable> writes = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final Object lock = new Object();

    private ByteBuffer content = ByteBuffer.allocate(0);
    private @Nullable IOException readFailure;
    private boolean atEnd;
    private boolean reading;

    private volatile boolean started;
    private volatile boolean over;
    private volatile @Nullable IOException writeFailure;
    private boolean headWritten;
    private int status;
    private HttpFields fields = HttpFields.empty();
    private HttpFields trailers = HttpFields.empty();

    /**
     * Prepares an exchange.
     *
     * @param readers where content is read; may have as many threads as there are exchanges at once, since each may wait
     *     for its client
     */
    protected BlockingExchange(Executor readers) {
        this.readers = Objects.requireNonNull(readers, "readers");
    }

    // What the host does

    /**
     * Reads request content. Called on a thread of the executor; blocks until there is something.
     *
     * @param into where the bytes go; at least one byte is free
     * @return how many they were, or -1 at the end of the content
     * @throws IOException if the content is malformed, or the client has gone or is too slow
     */
    protected abstract int readContent(ByteBuffer into) throws IOException;

    /**
     * Sends the head of the response. Called by {@link #serve}; may block.
     *
     * @param status from 200 to 599
     * @param fields its fields, which have a {@code Content-Length} if the length is known
     * @throws IOException if the client has gone or is too slow
     */
    protected abstract void writeHead(int status, HttpFields fields) throws IOException;

    /**
     * Sends content of the response, at once and all of it. Called by {@link #serve}; may block.
     *
     * @param data the bytes; there may be none
     * @param last whether the response ends here; then its trailers follow where the host can send some
     * @param trailers the trailers, empty if this is not the last
     * @throws IOException if the client has gone or is too slow
     */
    protected abstract void writeContent(ByteBuffer data, boolean last, HttpFields trailers) throws IOException;

    /**
     * Sends an informational response. Called by {@link #serve}; may block. A host that cannot does nothing.
     *
     * @param status from 100 to 199, except 101
     * @param fields its fields
     * @throws IOException if the client has gone or is too slow
     */
    protected void writeInformational(int status, HttpFields fields) throws IOException {
        // most blocking hosts cannot
    }

    /**
     * Closes the connection, so that the client can tell that its response is not complete, and ends a read or write that
     * blocks. Called by any thread, at most once; must not block.
     *
     * @param cause why
     */
    protected abstract void closeConnection(Throwable cause);

    /**
     * Answers the exchange. Returns when it is over.
     *
     * @param handler what answers, usually a {@link Router}
     * @throws Exception if the handler fails; the exchange has been aborted then
     */
    public final void serve(HttpHandler handler) throws Exception {
        try {
            handler.handle(this);
            for (Runnable write = writes.take(); write != OVER; write = writes.take()) {
                write.run();
            }
        } catch (Exception | Error failed) {
            abort(failed);
            throw failed;
        }
    }

    // The request

    @Override
    public final int read(ByteBuffer into) throws IOException {
        synchronized (lock) {
            if (content.hasRemaining()) {
                int count = Math.min(content.remaining(), into.remaining());
                into.put(into.position(), content, content.position(), count).position(into.position() + count);
                content.position(content.position() + count);
                return count;
            }
            if (readFailure != null) {
                throw new IOException(readFailure.getMessage(), readFailure);
            }
            return atEnd ? -1 : 0;
        }
    }

    @Override
    public final void whenReadable(Runnable resumed) {
        synchronized (lock) {
            if (reading) {
                throw new IllegalStateException("whenReadable has been called before and has not called back yet");
            }
            reading = true;
        }
        try {
            readers.execute(() -> readOnce(resumed));
        } catch (RejectedExecutionException closedOrFull) {
            readFailed(new IOException("no thread is free to read the content", closedOrFull));
            writes.add(resumed);
        }
    }

    private void readOnce(Runnable resumed) {
        boolean known;
        synchronized (lock) {
            known = content.hasRemaining() || atEnd || readFailure != null;
        }
        if (!known) {
            ByteBuffer received = ByteBuffer.allocate(READ_BYTES);
            try {
                received(received, readContent(received));
            } catch (IOException | RuntimeException failed) {
                readFailed(failed instanceof IOException io ? io : new IOException(failed.getMessage(), failed));
            }
        }
        synchronized (lock) {
            reading = false;
        }
        resumed.run();
    }

    private void received(ByteBuffer bytes, int count) {
        synchronized (lock) {
            content = bytes.flip();
            atEnd = count < 0;
        }
    }

    private void readFailed(IOException failure) {
        synchronized (lock) {
            readFailure = failure;
            reading = false;
        }
    }

    /** {@return the trailer fields of the request; none, unless the host can tell and this is overridden} */
    @Override
    public HttpFields requestTrailers() {
        return HttpFields.empty();
    }

    // The response

    @Override
    public final void sendInformational(int status, HttpFields fields) {
        if (started) {
            throw new IllegalStateException("informational response " + status + ": the final response has begun");
        }
        writes.add(() -> attempt(() -> writeInformational(status, fields)));
    }

    @Override
    public final void startResponse(int status, HttpFields fields) {
        if (started) {
            throw new IllegalStateException("response " + status + ": started before");
        }
        this.status = status;
        this.fields = fields;
        started = true;
    }

    @Override
    public final boolean isResponseStarted() {
        return started;
    }

    @Override
    public final void setResponseTrailers(HttpFields trailers) {
        this.trailers = trailers;
    }

    @Override
    public final boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        if (!started) {
            throw new IllegalStateException("write before startResponse");
        }
        synchronized (lock) {
            if (over) {
                IOException failed = writeFailure;
                throw new IOException(failed == null ? "the exchange is over" : failed.getMessage(), failed);
            }
            writes.add(() -> {
                attempt(() -> writeAll(data, last));
                if (last) {
                    end();
                }
                resumed.run();
            });
        }
        return false;
    }

    private void writeAll(ByteBuffer data, boolean last) throws IOException {
        if (!headWritten) {
            headWritten = true;
            writeHead(status, fields);
        }
        writeContent(data, last, last ? trailers : HttpFields.empty());
    }

    private interface Output {
        void run() throws IOException;
    }

    private void attempt(Output output) {
        if (over) {
            return;
        }
        try {
            output.run();
        } catch (IOException failed) {
            writeFailure = failed;
            abort(failed);
        }
    }

    // The end

    private void end() {
        if (markOver()) {
            closed.complete(true);
        }
    }

    @Override
    public final void abort(Throwable cause) {
        if (markOver()) {
            closeConnection(cause);
            closed.complete(true);
        }
    }

    /** Nothing is written after this; what has been handed over before is called back. */
    private boolean markOver() {
        synchronized (lock) {
            if (over) {
                return false;
            }
            over = true;
            writes.add(OVER);
            return true;
        }
    }

    @Override
    public boolean isClientConnected() {
        return !over;
    }

    @Override
    public final void whenClosed(Runnable action) {
        closed.thenRun(action);
    }
}
