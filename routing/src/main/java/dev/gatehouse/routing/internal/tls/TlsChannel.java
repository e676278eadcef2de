package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over TLS. It counts as connected when the handshake is over, and ends only if the peer says so: without its
 * {@code close_notify}, {@link #read} fails in place of telling the end. Expensive steps of the handshake are done by other
 * threads; everything else belongs to the thread of the loop.
 */
public final class TlsChannel implements LoopChannel {

    private static final Logger LOG = LoggerFactory.getLogger(TlsChannel.class);
    private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

    private enum State {
        CONNECTING,
        HANDSHAKING,
        OPEN,
        CLOSED
    }

    private final SSLEngine engine;
    private final EngineTasks computations;
    private final LaterOnLoop later;
    private final ChannelListener listener;
    private final RecordInput input;
    private final RecordOutput output;
    private final ContentInput content;
    private final LoopChannel transport;

    private State state = State.CONNECTING;
    private boolean wantsRead = true;
    private boolean wantsWrite;
    private boolean redelivering;

    private TlsChannel(
            EventLoop loop, SocketAddress address, SSLEngine engine, TlsTasks tasks, ChannelListener listener)
            throws IOException {
        this.engine = engine;
        later = new LaterOnLoop(loop, listener);
        computations = new EngineTasks(engine, tasks, later);
        this.listener = listener;
        input = new RecordInput(engine, loop.buffers());
        output = new RecordOutput(engine, loop.buffers());
        content = new ContentInput(input, loop.buffers(), this::answerEngine);
        transport = loop.connect(address, new Transport());
    }

    /**
     * Begins to connect and to shake hands.
     *
     * @param loop the loop, on whose thread this is called
     * @param address where to
     * @param engine a new engine in client mode
     * @param tasks who computes
     * @param listener is told how it ended, never before this method has returned, and what happens on the channel then
     * @return the channel
     * @throws IOException if that cannot even begin
     */
    public static TlsChannel connect(
            EventLoop loop, SocketAddress address, SSLEngine engine, TlsTasks tasks, ChannelListener listener)
            throws IOException {
        return new TlsChannel(loop, address, engine, tasks, listener);
    }

    /** What happens below. */
    private final class Transport implements ChannelListener {

        @Override
        public void connected() {
            state = State.HANDSHAKING;
            try {
                engine.beginHandshake();
            } catch (IOException failed) {
                handshakeFailed(failed);
                return;
            }
            shakeHands();
        }

        @Override
        public void connectFailed(IOException cause) {
            state = State.CLOSED;
            listener.connectFailed(cause);
        }

        @Override
        public void readable() {
            if (state == State.HANDSHAKING) {
                shakeHands();
            } else if (state == State.OPEN && wantsRead) {
                listener.readable();
            } else {
                updateInterest();
            }
        }

        @Override
        public void writable() {
            if (state == State.HANDSHAKING) {
                shakeHands();
            } else if (state == State.OPEN) {
                goOnWriting();
            }
        }

        @Override
        public void failedUnexpectedly(Throwable mistake) {
            listener.failedUnexpectedly(mistake);
        }
    }

    // The handshake

    private void shakeHands() {
        try {
            if (computations.areRunning() || !advanceHandshake()) {
                updateInterest();
                return;
            }
        } catch (IOException failed) {
            handshakeFailed(failed);
            return;
        }
        state = State.OPEN;
        updateInterest();
        listener.connected();
        redeliverLater();
    }

    /** Goes as far as possible; true if the handshake is over. */
    private boolean advanceHandshake() throws IOException {
        while (true) {
            output.flush(transport);
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    computations.begin(this::computed);
                    return false;
                }
                case NEED_WRAP -> {
                    if (!output.wrapOwn()) {
                        return false;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!receiveHandshake()) {
                        return false;
                    }
                }
                default -> {
                    return true;
                }
            }
        }
    }

    /** Takes a message of the peer; false if there is none now. */
    private boolean receiveHandshake() throws IOException {
        SSLEngineResult result = input.unwrap(NO_ROOM);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new HandshakeFailedException(null);
        }
        if (result.bytesConsumed() > 0 || engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NEED_UNWRAP) {
            return true;
        }
        int count = input.fill(transport);
        if (count < 0) {
            throw new HandshakeFailedException(null);
        }
        return count > 0;
    }

    private void handshakeFailed(IOException cause) {
        close();
        boolean explains = cause instanceof SSLException || cause instanceof PlainHttpException;
        listener.connectFailed(explains ? cause : new HandshakeFailedException(cause));
    }

    private void computed() {
        if (state == State.HANDSHAKING) {
            shakeHands();
        } else if (state == State.OPEN) {
            goOnWriting();
            redeliverLater();
        }
    }

    // Reading

    @Override
    public int read(ByteBuffer into) throws IOException {
        requireOpen();
        int count = content.read(transport, into);
        if (count > 0) {
            redeliverLater();
        }
        return count;
    }

    /** Calls the listener again for what is known here already, since the transport does not tell twice. */
    private void redeliverLater() {
        if (!redelivering && wantsRead && hasSomethingToTell()) {
            redelivering = true;
            later.run(() -> {
                redelivering = false;
                if (state == State.OPEN && wantsRead && hasSomethingToTell()) {
                    listener.readable();
                }
            });
        }
    }

    private boolean hasSomethingToTell() {
        return state == State.OPEN && content.hasMore();
    }

    // Writing

    @Override
    public int write(ByteBuffer from) throws IOException {
        requireOpen();
        int start = from.position();
        while (from.hasRemaining() && answerEngine() && output.flush(transport)) {
            SSLEngineResult result = output.wrap(from);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new IOException("written after the end");
            }
            output.flush(transport);
            if (result.bytesConsumed() == 0) {
                break;
            }
        }
        updateInterest();
        return from.position() - start;
    }

    private void goOnWriting() {
        try {
            if (output.flush(transport)) {
                answerEngine();
            }
        } catch (IOException broken) {
            LOG.trace("a TLS connection broke while records were sent; reading tells", broken);
            output.release();
        }
        updateInterest();
        if (wantsWrite && !output.isPending() && !computations.areRunning()) {
            listener.writable();
        }
    }

    /** Does what the engine wants in the middle of an open connection, new keys for instance; false if it has to wait. */
    private boolean answerEngine() throws IOException {
        while (!computations.areRunning()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> computations.begin(this::computed);
                case NEED_WRAP -> {
                    if (engine.isOutboundDone() || !output.wrapOwn()) {
                        updateInterest();
                        return engine.isOutboundDone();
                    }
                    output.flush(transport);
                }
                default -> {
                    return true;
                }
            }
        }
        updateInterest();
        return false;
    }

    // Interest

    private void updateInterest() {
        boolean connected = state == State.HANDSHAKING || state == State.OPEN;
        transport.wantRead(connected && !computations.areRunning() && (wantsRead || state == State.HANDSHAKING));
        transport.wantWrite(
                connected && (output.isPending() || (wantsWrite && !computations.areRunning() && !isRenegotiating())));
    }

    /** The peer of a TLS 1.2 connection has asked for another handshake, and has not sent its part yet. */
    private boolean isRenegotiating() {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_UNWRAP;
    }

    @Override
    public void wantRead(boolean wanted) {
        wantsRead = wanted;
        updateInterest();
        redeliverLater();
    }

    @Override
    public void wantWrite(boolean wanted) {
        wantsWrite = wanted;
        updateInterest();
    }

    // The end

    /** {@return the protocol agreed on by ALPN; empty if the peer does not know ALPN} */
    public String applicationProtocol() {
        String chosen = engine.getApplicationProtocol();
        return chosen == null ? "" : chosen;
    }

    @Override
    public void shutdownOutput() throws IOException {
        sayGoodbye();
        updateInterest();
    }

    private void sayGoodbye() throws IOException {
        if (!computations.areRunning()) {
            engine.closeOutbound();
            while (!engine.isOutboundDone() && output.wrapOwn()) {
                if (engine.getHandshakeStatus() != SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                    break;
                }
            }
        }
        output.flush(transport);
    }

    private void requireOpen() throws ClosedChannelException {
        if (state != State.OPEN) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED && transport.isOpen();
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        boolean mayAnswer = state != State.CONNECTING;
        state = State.CLOSED;
        try {
            if (mayAnswer && transport.isOpen()) {
                sayGoodbye();
            }
        } catch (IOException brokenBefore) {
            LOG.trace("a TLS connection was closed without close_notify", brokenBefore);
        }
        content.release();
        output.release();
        transport.close();
    }
}
