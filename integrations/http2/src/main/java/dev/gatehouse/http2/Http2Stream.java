package dev.gatehouse.http2;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginRequest;
import dev.gatehouse.routing.transport.OriginStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response as a stream of HTTP/2. Its router calls it on one thread at a time, Jetty on others; it ends
 * once, by whoever comes first.
 */
final class Http2Stream implements OriginStream, Stream.Listener {

    private final Target target;
    private final List<InetSocketAddress> addresses;
    private final OriginRequest request;
    private final Listener listener;
    private final ResponseContent content;

    /** Set when nothing more is to be told: the listener knows how it ended, or does not want to. */
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile @Nullable TargetConnections queue;
    private volatile @Nullable Http2Connection connection;
    private volatile @Nullable Stream stream;
    private volatile boolean responded;
    private volatile HttpFields trailers = HttpFields.empty();

    Http2Stream(Target target, List<InetSocketAddress> addresses, OriginRequest request, Listener listener) {
        this.target = target;
        this.addresses = addresses;
        this.request = request;
        this.listener = listener;
        content = new ResponseContent(listener::readable);
    }

    // On its way to a connection

    List<InetSocketAddress> addresses() {
        return addresses;
    }

    OriginRequest request() {
        return request;
    }

    HeadersFrame head() {
        return new HeadersFrame(Heads.request(request, target), null, request.endsHere());
    }

    void isIn(TargetConnections queue) {
        this.queue = queue;
    }

    /** Its turn has come. */
    void isOn(Http2Connection connection) {
        this.connection = connection;
        queue = null;
    }

    boolean isOver() {
        return over.get();
    }

    @Override
    public boolean isQueued() {
        TargetConnections waitingIn = queue;
        return waitingIn != null && waitingIn.hasConnections();
    }

    @Override
    public void onNewStream(Stream created) {
        stream = created;
        if (over.get()) {
            reset(created, ErrorCode.CANCEL_STREAM_ERROR);
        }
    }

    /**
     * The head could not be sent.
     *
     * @return whether there is a stream nevertheless, which is going to be closed
     */
    boolean notOpened(Throwable cause) {
        boolean created = stream != null;
        fail(created ? Failures.failed(ErrorCode.NO_ERROR.code, null, cause, responded) : Failures.notOpened(cause));
        return created;
    }

    void opened() {
        if (!over.get()) {
            listener.opened();
        }
    }

    // The request

    @Override
    public boolean write(ByteBuffer data, boolean last) {
        ContentWrite write = new ContentWrite(listener::written);
        return write.send(open(), data, last);
    }

    @Override
    public void writeTrailers(HttpFields requestTrailers) {
        Stream open = open();
        open.headers(new HeadersFrame(open.getId(), Heads.trailers(requestTrailers), null, true), Callback.NOOP);
    }

    private Stream open() {
        Stream open = stream;
        if (open == null) {
            throw new IllegalStateException("the stream is not open yet");
        }
        return open;
    }

    // The response

    @Override
    public void onHeaders(Stream open, HeadersFrame frame, Callback callback) {
        // before the listener is told, so that a response without content has ended by then
        open.demand();
        try {
            MetaData head = frame.getMetaData();
            if (head instanceof MetaData.Response response) {
                head(response.getStatus(), Heads.fields(head));
            } else if (responded) {
                trailers = Heads.fields(head);
            } else {
                throw Failures.malformed("trailers before a response");
            }
        } catch (OriginFailure malformed) {
            breakOff(malformed, ErrorCode.PROTOCOL_ERROR);
        }
        callback.succeeded();
    }

    private void head(int status, HttpFields fields) throws OriginFailure {
        if (responded || status < 100 || status > 599 || status == 101) {
            throw Failures.malformed(responded ? "a second head" : "status " + status);
        }
        if (over.get()) {
            return;
        }
        if (status < 200) {
            listener.informational(status, fields);
        } else {
            responded = true;
            listener.responded(status, fields);
        }
    }

    @Override
    public void onDataAvailable(Stream open) {
        if (content.fill(open)) {
            open.demand();
        }
    }

    @Override
    public int read(ByteBuffer into) {
        return content.read(into);
    }

    @Override
    public HttpFields responseTrailers() {
        return trailers;
    }

    // The end

    @Override
    public void onReset(Stream open, ResetFrame frame, Callback callback) {
        if (!content.isComplete()) {
            fail(Failures.reset(frame.getError(), responded));
        } else if (!over.get()) {
            listener.requestUnwanted();
        }
        callback.succeeded();
    }

    @Override
    public void onFailure(
            Stream open, int error, @Nullable String reason, @Nullable Throwable cause, Callback callback) {
        if (!content.isComplete()) {
            fail(Failures.failed(error, reason, cause, responded));
        } else if (!over.get()) {
            listener.requestUnwanted();
        }
        callback.succeeded();
    }

    /** Jetty has reset the stream, which it does when the target breaks the rules. */
    void wasReset(int code) {
        fail(Failures.malformed(ErrorCode.toString(code, "code " + code)));
    }

    /** The limits are those of the service. */
    @Override
    public void onIdleTimeout(Stream open, TimeoutException timeout, Promise<Boolean> promise) {
        promise.succeeded(false);
    }

    @Override
    public void onClosed(Stream open) {
        Http2Connection used = connection;
        if (used != null) {
            used.giveBack();
        }
    }

    void fail(OriginFailure failure) {
        if (over.compareAndSet(false, true)) {
            listener.failed(failure);
        }
    }

    private void breakOff(OriginFailure failure, ErrorCode code) {
        fail(failure);
        Stream open = stream;
        if (open != null) {
            reset(open, code);
        }
    }

    @Override
    public void cancel() {
        over.set(true);
        end(ErrorCode.CANCEL_STREAM_ERROR);
    }

    @Override
    public void endEarly() {
        over.set(true);
        end(ErrorCode.NO_ERROR);
    }

    private void end(ErrorCode code) {
        TargetConnections waitingIn = queue;
        if (waitingIn != null) {
            waitingIn.remove(this);
        }
        Stream open = stream;
        if (open != null && !open.isClosed()) {
            reset(open, code);
        }
        content.discard();
    }

    private static void reset(Stream open, ErrorCode code) {
        open.reset(new ResetFrame(open.getId(), code.code), Callback.NOOP);
    }

    @Override
    public void checkConnection() {
        Http2Connection used = connection;
        if (used != null) {
            used.check();
        }
    }
}
