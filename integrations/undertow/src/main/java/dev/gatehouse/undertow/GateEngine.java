package dev.gatehouse.undertow;

import dev.gatehouse.tls.TlsAdmission;
import dev.gatehouse.tls.TlsGate;
import dev.gatehouse.undertow.internal.GateAlpnEngineManager;
import dev.gatehouse.undertow.internal.SelfDecidingEngine;
import io.undertow.server.protocol.http.AlpnOpenListener;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of a connection behind a {@link TlsGate}. It reads the ClientHello and asks the gate; then an engine of the
 * admission gets the same bytes and does the rest.
 *
 * <p><b>Waiting.</b> Undertow gives an engine no means to call for attention, and lets no handshake time out. So all
 * waiting, be it for bytes of the client or for the gate, is a delegated task ({@link HandshakeWait}), after which
 * Undertow calls the engine again. A wait ends when the gate has decided, when the time is over, and when the connection
 * has become readable: then Undertow's listener runs, and it asks for the application protocol each time.
 *
 * <p>Undertow reads no more from the connection if a task is needed in a call of its listener, but does in one that
 * continues after a task. So before each wait there is an empty task, unless there just was one.
 *
 * <p>Used on the I/O thread of the connection. {@link #endWait()} is for any thread.
 */
final class GateEngine extends DelegatingEngine implements SelfDecidingEngine {

    private static final Logger LOG = LoggerFactory.getLogger(GatehouseUndertow.class);
    private static final byte[] RECORD_THAT_IS_NO_HELLO = {23, 3, 3, 0, 0};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String[] PROTOCOLS_OF_HTTP_2 = {"TLSv1.3", "TLSv1.2"};
    private static final Duration MAX_LINGERING = Duration.ofSeconds(1);
    private static final AtomicBoolean INSPECTION_MENTIONED = new AtomicBoolean();

    private enum Phase {
        INSPECTED_BY_UNDERTOW,
        ADMISSION,
        HANDSHAKE,
        OPEN,
        FAILED,
        LINGERING,
        CLOSED
    }

    private final SSLEngine placeholder;
    private final PendingAdmission admission;
    private final HandshakeDeadline deadline;
    private final HandshakeDeadline lingering = new HandshakeDeadline(MAX_LINGERING, this::endWait);
    private final ReceivedBytes received;
    private Phase phase = Phase.ADMISSION;
    private @Nullable SSLEngine engine;
    private TlsAdmission.@Nullable Granted granted;
    private ByteBuffer alert = NOTHING;
    private SSLException failure = new HandshakeRefusedException("the connection is closed", Optional.empty());
    private @Nullable HandshakeWait task;
    private boolean continuesAfterTask;
    private boolean skipsInspection;
    private volatile @Nullable HandshakeWait wait;

    /**
     * @param placeholder answers questions until there is an engine
     * @param client where the connection comes from
     */
    GateEngine(TlsGate gate, SSLEngine placeholder, InetAddress client, int clientPort) {
        super(client.getHostAddress(), clientPort);
        this.placeholder = placeholder;
        this.admission = new PendingAdmission(gate, client, this::endWait);
        this.received = new ReceivedBytes(admission.maxReceivedBytes());
        this.deadline = new HandshakeDeadline(gate.helloTimeout(), this::endWait);
    }

    @Override
    SSLEngine engine() {
        return engine == null ? placeholder : engine;
    }

    @Override
    public void skipInspectionBy(SSLEngine around) throws SSLException {
        phase = Phase.INSPECTED_BY_UNDERTOW;
        around.unwrap(ByteBuffer.wrap(RECORD_THAT_IS_NO_HELLO), NOTHING);
        phase = Phase.ADMISSION;
        skipsInspection = true;
    }

    private void mentionInspection() {
        if (!skipsInspection && INSPECTION_MENTIONED.compareAndSet(false, true)) {
            LOG.warn(
                    "TLS gate: Undertow did not find the service {}, so clients may take as long as they like to send a"
                            + " ClientHello. Let Undertow's class loader see this library, and keep META-INF/services when"
                            + " merging jars.",
                    GateAlpnEngineManager.class.getName());
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length)
            throws SSLException {
        return switch (phase) {
            case INSPECTED_BY_UNDERTOW -> result(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
            case ADMISSION, HANDSHAKE -> proceed(source, destinations, offset, length);
            case OPEN ->
                received.isEmpty()
                        ? engine().unwrap(source, destinations, offset, length)
                        : proceed(source, destinations, offset, length);
            case FAILED -> result(Status.OK, HandshakeStatus.NEED_WRAP, 0, 0);
            case LINGERING -> linger(source);
            case CLOSED -> result(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        };
    }

    private SSLEngineResult proceed(ByteBuffer source, ByteBuffer[] destinations, int offset, int length)
            throws SSLException {
        boolean mayWait = continuesAfterTask;
        continuesAfterTask = false;
        int before = source.remaining();
        try {
            if (engine == null || !received.isEmpty()) {
                keep(source);
            }
            SSLEngineResult result = engine != null || isAdmitted()
                    ? unwrapAll(received.isEmpty() ? source : received.buffer(), destinations, offset, length)
                    : result(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
            int consumed = before - source.remaining();
            return isShortOfBytes(result)
                    ? waiting(mayWait, consumed)
                    : result(result.getStatus(), result.getHandshakeStatus(), consumed, result.bytesProduced());
        } catch (HandshakeRefusedException refusal) {
            if (engine == null) {
                alert = refusal.alertRecord();
            } else {
                engine.closeOutbound();
            }
            return failed(refusal, before - source.remaining());
        } catch (SSLException reason) {
            if (phase == Phase.OPEN) {
                throw reason;
            }
            return failed(reason, before - source.remaining());
        }
    }

    /** Has the alert sent, if there is one. */
    private SSLEngineResult failed(SSLException reason, int consumed) throws SSLException {
        failure = reason;
        phase = Phase.FAILED;
        release();
        if (engine == null && !alert.hasRemaining()) {
            phase = Phase.CLOSED;
            throw reason;
        }
        return result(Status.OK, HandshakeStatus.NEED_WRAP, consumed, 0);
    }

    /**
     * Waits until the client has read the alert and leaves. If the connection was closed while the client still sends,
     * TCP would reset it, and the client might never see the alert.
     */
    private SSLEngineResult linger(ByteBuffer source) throws SSLException {
        boolean mayWait = continuesAfterTask;
        continuesAfterTask = false;
        lingering.start();
        int consumed = source.remaining();
        source.position(source.limit());
        if (lingering.isPassed()) {
            phase = Phase.CLOSED;
            throw failure;
        }
        return waiting(mayWait, consumed);
    }

    private void keep(ByteBuffer source) throws HandshakeRefusedException {
        if (!received.append(source)) {
            throw admission.tooMuch();
        }
    }

    private boolean isAdmitted() throws HandshakeRefusedException {
        if (admission.awaitsClient()) {
            mentionInspection();
            deadline.start();
        }
        granted = admission.proceed(received.buffer()).orElse(null);
        if (admission.awaitsClient()) {
            if (deadline.isPassed()) {
                throw admission.slowHello(!received.isEmpty());
            }
        } else {
            deadline.stop();
        }
        if (granted == null) {
            return false;
        }
        deadline.start();
        engine = granted.newEngine();
        phase = Phase.HANDSHAKE;
        return true;
    }

    private SSLEngineResult unwrapAll(ByteBuffer source, ByteBuffer[] destinations, int offset, int length)
            throws SSLException {
        SSLEngineResult result;
        do {
            result = engine().unwrap(source, destinations, offset, length);
        } while (result.getStatus() == Status.OK
                && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                && result.bytesConsumed() > 0
                && source.hasRemaining());
        note(result, result.bytesProduced());
        if (isOver()) {
            throw HandshakeRefusedException.afterHandshake();
        }
        if (isShortOfBytes(result) && deadline.isPassed()) {
            throw admission.slowHandshake();
        }
        return result;
    }

    /** Tells whether the handshake goes on when the client has sent more. */
    private boolean isShortOfBytes(SSLEngineResult result) {
        return phase != Phase.OPEN
                && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                && (result.getStatus() == Status.OK || result.getStatus() == Status.BUFFER_UNDERFLOW);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
            throws SSLException {
        return switch (phase) {
            case OPEN -> engine().wrap(sources, offset, length, destination);
            case HANDSHAKE -> wrapHandshake(sources, offset, length, destination);
            case INSPECTED_BY_UNDERTOW, ADMISSION -> waiting(false, 0);
            case FAILED -> wrapAlert(destination);
            case LINGERING, CLOSED -> result(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
        };
    }

    private SSLEngineResult wrapHandshake(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
            throws SSLException {
        SSLEngineResult result;
        try {
            result = engine().wrap(sources, offset, length, destination);
        } catch (SSLException reason) {
            failed(reason, 0);
            return wrapAlert(destination);
        }
        note(result, 0);
        if (isOver()) {
            engine().closeOutbound();
            failed(HandshakeRefusedException.afterHandshake(), 0);
            return result(Status.OK, HandshakeStatus.NEED_WRAP, result.bytesConsumed(), result.bytesProduced());
        }
        if (!isShortOfBytes(result)) {
            return result;
        }
        waiting(false, 0);
        return result(Status.OK, HandshakeStatus.NEED_TASK, result.bytesConsumed(), result.bytesProduced());
    }

    private SSLEngineResult wrapAlert(ByteBuffer destination) throws SSLException {
        int start = destination.position();
        if (engine == null) {
            destination.put(alert);
        } else {
            wrapAll(engine, destination);
        }
        phase = Phase.LINGERING;
        waiting(false, 0);
        return result(Status.OK, HandshakeStatus.NEED_TASK, 0, destination.position() - start);
    }

    /** The alert may come behind records that have waited, such as a session ticket. */
    private static void wrapAll(SSLEngine closing, ByteBuffer destination) throws SSLException {
        SSLEngineResult result;
        do {
            result = closing.wrap(NOTHING, destination);
        } while (result.getStatus() == Status.OK && result.bytesProduced() > 0 && !closing.isOutboundDone());
    }

    /** Tells whether the handshake was all that the client wanted. */
    private boolean isOver() {
        return phase == Phase.OPEN && granted != null && granted.endsWithHandshake();
    }

    /** @param plainBytes how many bytes of the client's application have been unwrapped */
    private void note(SSLEngineResult result, int plainBytes) {
        HandshakeStatus status = result.getHandshakeStatus();
        continuesAfterTask = status == HandshakeStatus.NEED_TASK;
        boolean over =
                status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING || plainBytes > 0;
        if (phase == Phase.HANDSHAKE && result.getStatus() == Status.OK && over) {
            phase = Phase.OPEN;
            deadline.stop();
        }
    }

    /** Waits, or makes Undertow call once more, in a way that allows to wait. */
    private SSLEngineResult waiting(boolean mayWait, int consumed) {
        HandshakeWait next = mayWait ? new HandshakeWait() : HandshakeWait.none();
        wait = next;
        task = next;
        continuesAfterTask = true;
        if (isReasonToGoOn()) {
            next.end();
        }
        return result(Status.OK, HandshakeStatus.NEED_TASK, consumed, 0);
    }

    /** Looked at once more after the wait has become visible to the thread that would end it. */
    private boolean isReasonToGoOn() {
        return phase == Phase.LINGERING
                ? lingering.isPassed()
                : deadline.isPassed() || (engine == null && admission.isDecided());
    }

    private void endWait() {
        HandshakeWait current = wait;
        if (current != null) {
            current.end();
        }
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        HandshakeWait next = task;
        if (next != null) {
            task = null;
            HandshakeExecutor.announce(next);
            return next;
        }
        Runnable computation = engine == null ? null : engine.getDelegatedTask();
        if (computation != null) {
            HandshakeExecutor.announceNone();
        }
        return computation;
    }

    /** Null until the handshake is over, then what the gate has chosen; asking the engine could block. */
    @Override
    public @Nullable String getApplicationProtocol() {
        if (phase == Phase.OPEN && granted != null) {
            return granted.applicationProtocol().orElse("");
        }
        HandshakeWait current = wait;
        if (current != null) {
            current.noticeListener();
        }
        return null;
    }

    @Override
    public void closeInbound() throws SSLException {
        boolean tellEngine = engine != null;
        leave();
        if (tellEngine) {
            engine().closeInbound();
        }
    }

    @Override
    public void closeOutbound() {
        if (phase == Phase.OPEN || phase == Phase.HANDSHAKE) {
            engine().closeOutbound();
        } else {
            leave();
        }
    }

    private void leave() {
        if (engine == null || phase == Phase.LINGERING) {
            phase = Phase.CLOSED;
        }
        if (phase != Phase.OPEN) {
            lingering.stop();
            release();
        }
    }

    private void release() {
        deadline.stop();
        admission.cancel();
        received.clear();
        endWait();
    }

    /** The session knows the admission, see {@link AdmittedSession#of}. */
    @Override
    public SSLSession getSession() {
        SSLSession session = engine().getSession();
        return granted == null ? session : new AdmittedSession(session, granted);
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return engine == null ? HandshakeStatus.NEED_UNWRAP : engine.getHandshakeStatus();
    }

    @Override
    public boolean isInboundDone() {
        return engine == null ? phase == Phase.CLOSED : engine.isInboundDone();
    }

    @Override
    public boolean isOutboundDone() {
        return engine == null ? phase == Phase.CLOSED : engine.isOutboundDone();
    }

    /** What Undertow looks for before it negotiates HTTP/2, until there is an engine. */
    @Override
    public String[] getEnabledCipherSuites() {
        return engine == null ? new String[] {AlpnOpenListener.REQUIRED_CIPHER} : engine.getEnabledCipherSuites();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine == null ? PROTOCOLS_OF_HTTP_2.clone() : engine.getEnabledProtocols();
    }

    /** Undertow sets application protocols, which the gate knows already, and may set the order of cipher suites. */
    @Override
    public void setSSLParameters(SSLParameters parameters) {
        if (phase == Phase.OPEN) {
            engine().setSSLParameters(parameters);
        }
    }

    @Override
    public void setUseClientMode(boolean client) {
        refuseBefore(client, "client mode");
    }

    @Override
    public boolean getUseClientMode() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean enable) {
        refuseBefore(!enable, "no session creation");
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        change(need, "client authentication", () -> engine().setNeedClientAuth(need));
    }

    @Override
    public void setWantClientAuth(boolean want) {
        change(want, "client authentication", () -> engine().setWantClientAuth(want));
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        change(true, "cipher suites", () -> engine().setEnabledCipherSuites(suites));
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        change(true, "protocols", () -> engine().setEnabledProtocols(protocols));
    }

    /** Lets an open connection change, as by a renegotiation. */
    private void change(boolean effective, String what, Runnable onEngine) {
        if (phase == Phase.OPEN) {
            onEngine.run();
        } else {
            refuseBefore(effective, what);
        }
    }

    private static void refuseBefore(boolean effective, String what) {
        if (effective) {
            throw new IllegalStateException("Undertow's socket options set " + what
                    + " for a listener behind a TLS gate. Set that on the builder of ServerTls.");
        }
    }

    private static SSLEngineResult result(Status status, HandshakeStatus handshake, int consumed, int produced) {
        return new SSLEngineResult(status, handshake, consumed, produced);
    }
}
