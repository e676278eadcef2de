package dev.gatehouse.http2;

import dev.gatehouse.routing.Target;
import java.util.Map;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a target. It takes streams from when the target's settings have come, which also shows that HTTP/2 is
 * spoken there, until either side is going to close it. Safe for use by several threads.
 */
final class Http2Connection implements Session.Listener, HTTP2Session.FrameListener, KeepAlive.Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Http2Transport.class);

    /** What becomes of the connection. */
    interface Owner {

        /** The connection takes streams, or takes more than before. */
        void available(Http2Connection connection);

        /** The connection takes no streams any more. Told once or more, also if it was never available. */
        void retired(Http2Connection connection, String reason);

        /** A stream has ended, so that another one has room. */
        void hasRoom();
    }

    private final Target target;
    private final Owner owner;
    private final Limits limits;
    private final KeepAlive keepAlive;

    private volatile @Nullable HTTP2Session session;
    private int maxStreams;
    private int streams;
    private boolean retired;

    Http2Connection(Target target, Owner owner, Limits limits, Scheduler scheduler) {
        this.target = target;
        this.owner = owner;
        this.limits = limits;
        keepAlive = new KeepAlive(this, scheduler, System::nanoTime, limits);
    }

    // Its life

    @Override
    public Map<Integer, Integer> onPreface(Session opened) {
        HTTP2Session http2 = (HTTP2Session) opened;
        session = http2;
        http2.addEventListener(this);
        return Map.of(SettingsFrame.ENABLE_PUSH, 0);
    }

    @Override
    public void onSettings(Session opened, SettingsFrame frame) {
        int allowed = ((HTTP2Session) opened).getMaxLocalStreams();
        boolean first;
        synchronized (this) {
            first = maxStreams == 0;
            maxStreams = allowed < 0
                    ? limits.maxStreamsPerConnection()
                    : Math.min(allowed, limits.maxStreamsPerConnection());
        }
        if (first) {
            keepAlive.start();
        }
        owner.available(this);
    }

    @Override
    public void onGoAway(Session opened, GoAwayFrame frame) {
        String reason = ErrorCode.toString(frame.getError(), "code " + frame.getError());
        if (frame.getError() != ErrorCode.NO_ERROR.code) {
            LOG.warn(
                    "{}: closes a connection because of {} ({}); a new one is opened. See its log for the cause",
                    target,
                    reason,
                    frame.tryConvertPayload());
        }
        retire("it went away, " + reason);
    }

    @Override
    public void onClose(Session opened, GoAwayFrame frame, Callback callback) {
        keepAlive.stop();
        retire("it closed the connection");
        callback.succeeded();
    }

    @Override
    public void onFailure(Session opened, Throwable failure, Callback callback) {
        keepAlive.stop();
        retire(String.valueOf(failure.getMessage()));
        callback.succeeded();
    }

    /** Without streams it is closed; with some it stays, as long as their own limits allow. */
    @Override
    public boolean onIdleTimeout(Session opened) {
        synchronized (this) {
            if (streams > 0) {
                return false;
            }
            retired = true;
        }
        owner.retired(this, "idle");
        return true;
    }

    private void retire(String reason) {
        synchronized (this) {
            retired = true;
        }
        owner.retired(this, reason);
    }

    void close() {
        keepAlive.stop();
        HTTP2Session open = session;
        if (open != null) {
            open.close(ErrorCode.NO_ERROR.code, "close", Callback.NOOP);
        }
    }

    // Streams

    /** Makes room for a stream, if there is some. */
    synchronized boolean reserve() {
        if (retired || streams >= maxStreams) {
            return false;
        }
        streams++;
        return true;
    }

    /** Opens a stream for which room has been made. */
    void open(Http2Stream stream) {
        HTTP2Session open = session;
        stream.isOn(this);
        if (open == null || stream.isOver()) {
            giveBack();
            return;
        }
        int limit = open.getGenerator().getHpackEncoder().getMaxHeaderListSize();
        if (Heads.size(stream.request()) > limit) {
            giveBack();
            stream.fail(Failures.headTooLarge(limit));
            return;
        }
        open.newStream(
                stream.head(),
                Promise.from(opened -> stream.opened(), failure -> {
                    if (!stream.notOpened(failure)) {
                        giveBack();
                    }
                }),
                stream);
    }

    /** There is room again: a stream is closed in both directions, or was never opened. */
    void giveBack() {
        synchronized (this) {
            streams--;
        }
        owner.hasRoom();
    }

    // Whether somebody is there

    @Override
    public void onIncomingFrame(Session from, Frame frame) {
        keepAlive.received(frame.getType() != FrameType.PING);
    }

    @Override
    public void onOutgoingFrame(Session to, Frame frame) {
        if (frame instanceof ResetFrame reset) {
            Stream stream = to.getStream(reset.getStreamId());
            if (stream != null && stream.getListener() instanceof Http2Stream ours) {
                ours.wasReset(reset.getError());
            }
        }
    }

    void check() {
        keepAlive.check();
    }

    @Override
    public synchronized boolean isUsed() {
        return streams > 0;
    }

    @Override
    public void ping() {
        HTTP2Session open = session;
        if (open != null) {
            open.ping(new PingFrame(false), Callback.NOOP);
        }
    }

    @Override
    public void isGone() {
        LOG.warn(
                "{}: did not answer a ping within {} ms; closed the connection. See whether it, or the network to it, is"
                        + " down",
                target,
                limits.pingTimeout().toMillis());
        HTTP2Session open = session;
        if (open != null) {
            open.onConnectionFailure(ErrorCode.CANCEL_STREAM_ERROR.code, Failures.PING_UNANSWERED);
            open.getEndPoint().close();
        }
    }
}
