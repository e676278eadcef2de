package dev.gatehouse.routing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A host with one client, in memory. It keeps to the contract of {@link HttpExchange} and fails when the other side does
 * not. Request content is what a test has sent so far; response content is collected, or held back while the client does
 * not read.
 */
public final class FakeExchange implements HttpExchange {

    private static final ExecutorService HOST_THREADS = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "fake-host");
        thread.setDaemon(true);
        return thread;
    });

    private final String method;
    private final String target;
    private @Nullable String authority = "app.example.com";
    private String protocol = "HTTP/1.1";
    private HttpFields fields = HttpFields.empty();
    private HttpFields requestTrailers = HttpFields.empty();
    private @Nullable String upgrade;
    private boolean upgraded;

    private final Deque<byte[]> content = new ArrayDeque<>();
    private long zeros;
    private boolean contentEnded;
    private @Nullable IOException contentFailure;
    private @Nullable Runnable readable;
    private int reads;

    private int status;
    private HttpFields responseFields = HttpFields.empty();
    private HttpFields responseTrailers = HttpFields.empty();
    private final ByteArrayOutputStream response = new ByteArrayOutputStream();
    private final List<String> informational = new ArrayList<>();
    private boolean clientReads = true;
    private @Nullable ByteBuffer held;
    private @Nullable Runnable writable;
    private boolean lastWritten;
    private boolean connected = true;
    private boolean closed;
    private @Nullable Throwable aborted;
    private @Nullable String violation;
    private final List<Runnable> closeListeners = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private FakeExchange(String method, String target) {
        this.method = method;
        this.target = target;
        contentEnded = true;
    }

    public static FakeExchange get(String target) {
        return new FakeExchange("GET", target);
    }

    public static FakeExchange of(String method, String target) {
        return new FakeExchange(method, target);
    }

    // What the client sends

    public FakeExchange authority(@Nullable String authority) {
        this.authority = authority;
        return this;
    }

    public FakeExchange protocol(String protocol) {
        this.protocol = protocol;
        return this;
    }

    public FakeExchange field(String name, String value) {
        fields = fields.toBuilder().add(name, value).build();
        return this;
    }

    /** A request whose content has this length; {@link #send} it. */
    public FakeExchange contentLength(long length) {
        contentEnded = length == 0;
        return field("Content-Length", Long.toString(length));
    }

    /** A request whose content has no known length; {@link #send} it, then {@link #end}. */
    public FakeExchange chunked() {
        contentEnded = false;
        return field("Transfer-Encoding", "chunked");
    }

    /** Content that begins without any field, as HTTP/2 allows. */
    public FakeExchange openEnded() {
        contentEnded = false;
        return this;
    }

    /** A request for another protocol; what is sent afterwards belongs to that one. */
    public FakeExchange upgrade(String protocol) {
        upgrade = protocol;
        contentEnded = false;
        return this;
    }

    public FakeExchange body(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return contentLength(bytes.length).send(bytes).end();
    }

    public FakeExchange send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public FakeExchange send(byte[] bytes) {
        return contentChanges(() -> content.add(bytes));
    }

    public FakeExchange end() {
        return contentChanges(() -> contentEnded = true);
    }

    public FakeExchange end(HttpFields trailers) {
        requestTrailers = trailers;
        return end();
    }

    public FakeExchange breakContent(String problem) {
        return contentChanges(() -> contentFailure = new IOException(problem));
    }

    private FakeExchange contentChanges(Runnable change) {
        Runnable resumed;
        synchronized (this) {
            change.run();
            resumed = readable;
            readable = null;
        }
        if (resumed != null) {
            HOST_THREADS.execute(resumed);
        }
        return this;
    }

    /** Content is made up as it is read, so that a test can send more than it has memory for. */
    public FakeExchange sendZeros(long length) {
        contentLength(length);
        synchronized (this) {
            zeros = length;
        }
        return this;
    }

    // What the client does with the response

    public FakeExchange stopReading() {
        synchronized (this) {
            clientReads = false;
        }
        return this;
    }

    public FakeExchange resumeReading() {
        Runnable resumed;
        synchronized (this) {
            clientReads = true;
            resumed = takeHeld();
        }
        if (resumed != null) {
            HOST_THREADS.execute(resumed);
        }
        return this;
    }

    private @Nullable Runnable takeHeld() {
        ByteBuffer bytes = held;
        if (bytes != null) {
            collect(bytes);
        }
        Runnable resumed = writable;
        held = null;
        writable = null;
        if (lastWritten && !upgraded) {
            over();
        }
        return resumed;
    }

    /** The client's connection breaks, which the host notices. */
    public FakeExchange leave() {
        synchronized (this) {
            connected = false;
            contentFailure = new IOException("connection reset by peer");
        }
        over();
        return contentChanges(() -> {});
    }

    /** The client's connection breaks, which the host notices only when asked. */
    public FakeExchange leaveUnnoticed() {
        synchronized (this) {
            connected = false;
        }
        return this;
    }

    private void over() {
        List<Runnable> listeners;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            listeners = List.copyOf(closeListeners);
        }
        listeners.forEach(HOST_THREADS::execute);
        over.countDown();
    }

    // What the test sees

    public FakeExchange await() {
        try {
            if (!over.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the exchange did not end: " + this);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        String broken = violation;
        if (broken != null) {
            throw new AssertionError(broken);
        }
        return this;
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    public synchronized int status() {
        return status;
    }

    public synchronized HttpFields responseFields() {
        return responseFields;
    }

    public synchronized HttpFields responseTrailers() {
        return responseTrailers;
    }

    public synchronized String text() {
        return response.toString(StandardCharsets.UTF_8);
    }

    public synchronized byte[] bytes() {
        return response.toByteArray();
    }

    public synchronized int receivedBytes() {
        return response.size();
    }

    public synchronized List<String> informational() {
        return List.copyOf(informational);
    }

    public synchronized boolean isComplete() {
        return lastWritten && aborted == null;
    }

    public synchronized boolean isAborted() {
        return aborted != null;
    }

    public synchronized int reads() {
        return reads;
    }

    public synchronized boolean isWaitingForContent() {
        return readable != null;
    }

    public synchronized boolean holdsResponse() {
        return held != null;
    }

    // The contract

    @Override
    public String method() {
        return method;
    }

    @Override
    public String requestTarget() {
        return target;
    }

    @Override
    public @Nullable String authority() {
        return authority;
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public HttpFields requestFields() {
        return fields;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress("203.0.113.7", 40000);
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress("192.0.2.1", 443);
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        require(into.hasRemaining(), "read into a full buffer");
        require(readable == null, "read while whenReadable is outstanding");
        reads++;
        if (zeros > 0) {
            int count = (int) Math.min(zeros, into.remaining());
            into.put(new byte[count]);
            zeros -= count;
            contentEnded = zeros == 0;
            return count;
        }
        byte[] next = content.poll();
        if (next == null) {
            if (contentFailure != null) {
                throw contentFailure;
            }
            return contentEnded ? -1 : 0;
        }
        int count = Math.min(next.length, into.remaining());
        into.put(next, 0, count);
        if (count < next.length) {
            byte[] rest = new byte[next.length - count];
            System.arraycopy(next, count, rest, 0, rest.length);
            content.addFirst(rest);
        }
        return count;
    }

    @Override
    public void whenReadable(Runnable resumed) {
        synchronized (this) {
            require(readable == null, "whenReadable twice");
            if (content.isEmpty() && !contentEnded && contentFailure == null) {
                readable = resumed;
                return;
            }
        }
        HOST_THREADS.execute(resumed);
    }

    @Override
    public synchronized HttpFields requestTrailers() {
        return requestTrailers;
    }

    @Override
    public synchronized void sendInformational(int status, HttpFields fields) {
        require(this.status == 0, "informational response after the final one");
        require(status >= 100 && status < 200 && status != 101, "informational status " + status);
        informational.add(status + " " + fields);
    }

    @Override
    public synchronized void startResponse(int status, HttpFields fields) {
        require(status >= 200 && status < 600, "status " + status);
        if (this.status != 0) {
            throw new IllegalStateException("response started twice");
        }
        this.status = status;
        responseFields = fields;
    }

    @Override
    public @Nullable String requestedUpgrade() {
        return upgrade;
    }

    @Override
    public synchronized void startUpgrade(HttpFields fields) {
        require(upgrade != null && status == 0, "upgrade that was not asked for, or after the response");
        status = method.equals("CONNECT") ? 200 : 101;
        responseFields = fields;
        upgraded = true;
    }

    @Override
    public synchronized boolean isResponseStarted() {
        return status != 0;
    }

    @Override
    public synchronized void setResponseTrailers(HttpFields trailers) {
        require(!lastWritten, "trailers after the end");
        responseTrailers = trailers;
    }

    @Override
    public boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        synchronized (this) {
            require(status != 0, "write before the response was started");
            require(held == null, "write while the host holds a buffer");
            require(!lastWritten, "write after the end");
            if (!connected) {
                throw new IOException("broken pipe");
            }
            lastWritten = last;
            if (!clientReads && data.hasRemaining()) {
                held = data;
                writable = resumed;
                return false;
            }
            collect(data);
        }
        if (last && !upgraded) {
            over();
        }
        return true;
    }

    private void collect(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        response.writeBytes(bytes);
    }

    @Override
    public void abort(Throwable cause) {
        synchronized (this) {
            if (closed || (lastWritten && !upgraded)) {
                return;
            }
            aborted = cause;
            connected = false;
        }
        over();
    }

    @Override
    public synchronized boolean isClientConnected() {
        return connected;
    }

    @Override
    public void whenClosed(Runnable listener) {
        synchronized (this) {
            if (!closed) {
                closeListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    private void require(boolean condition, String broken) {
        if (!condition) {
            violation = broken;
            throw new AssertionError(broken);
        }
    }

    @Override
    public synchronized String toString() {
        return method + " " + target + " -> " + status + " " + responseFields + ", " + response.size()
                + " bytes, complete " + isComplete() + ", aborted " + aborted;
    }
}
