package dev.gatehouse.jetty;

import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.ClientHelloProblem;
import dev.gatehouse.tls.ClientHelloReader;
import dev.gatehouse.tls.TlsAdmission;
import dev.gatehouse.tls.TlsAlert;
import dev.gatehouse.tls.TlsGate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.SerializedInvoker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first life of a connection: it reads the ClientHello, asks the gate, and then gives way to a {@link
 * GatedSslConnection}, or to a {@link RefusedConnection}.
 *
 * <p>What happens to it (bytes, the decision, the end of the time, the end of the connection) comes on several threads.
 * All of it runs one after the other in {@code events}, so that the state needs no lock. While the certificate is being
 * found no thread is held. The connection stays interested in bytes meanwhile, because a client that leaves shows as the end of
 * the stream; Jetty has no way to take that interest back, so what comes of it later is passed on to the successor.
 */
final class ClientHelloConnection extends AbstractConnection implements Connection.UpgradeTo {

    private static final Logger LOG = LoggerFactory.getLogger(TlsGateConnectionFactory.class);

    private enum Phase {
        READING_HELLO,
        AWAITING_CERTIFICATE,
        OVER
    }

    private final SerializedInvoker events = new SerializedInvoker(ClientHelloConnection.class);
    private final TlsGateConnectionFactory factory;
    private final TlsGate gate;
    private final Connector connector;
    private final ClientHelloReader reader;
    private final ReceivedBytes received;
    private volatile Phase phase = Phase.READING_HELLO;
    private Scheduler.@Nullable Task helloTimeout;
    private @Nullable CompletableFuture<TlsAdmission> admission;
    private @Nullable AbstractConnection successor;

    ClientHelloConnection(TlsGateConnectionFactory factory, Connector connector, EndPoint endPoint) {
        super(endPoint, connector.getExecutor());
        this.factory = factory;
        this.gate = factory.gate();
        this.connector = connector;
        reader = gate.newReader();
        received = new ReceivedBytes(connector.getByteBufferPool(), reader.maxReceivedBytes());
    }

    /** Takes what a connection before this one, such as that of the PROXY protocol, has read too much. */
    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        received.append(bytes);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        events.run(() -> {
            helloTimeout = connector.getScheduler().schedule(() -> dispatch(this::endSlowHello), gate.helloTimeout());
            onBytes(received.isEmpty());
        });
    }

    @Override
    public void onFillable() {
        events.run(() -> {
            if (successor == null) {
                onBytes(false);
            } else {
                successor.onFillable();
            }
        });
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        events.run(() -> {
            if (successor == null) {
                end(cause);
            } else {
                successor.onFillInterestedFailed(cause);
            }
        });
    }

    /** The gate bounds how long a hello and a certificate may take; only a connector that shuts down is less patient. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return phase == Phase.OVER || connector.isShutdown();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        events.run(() -> {
            if (phase != Phase.OVER) {
                LOG.debug(
                        "{}: connection closed while {}: {}",
                        getEndPoint().getRemoteSocketAddress(),
                        phase,
                        String.valueOf(cause));
                leave();
            }
        });
    }

    private void onBytes(boolean wait) {
        try {
            if (!wait) {
                decideOrRead();
            }
            if (phase != Phase.OVER && !received.isFull()) {
                received.releaseIfEmpty();
                fillInterested();
            }
        } catch (IOException | RuntimeException failure) {
            end(failure);
        }
    }

    /** Bytes that were handed over at the start are looked at before the network is. */
    private void decideOrRead() throws IOException {
        boolean more = true;
        while (more && phase != Phase.OVER) {
            if (phase == Phase.READING_HELLO && !received.isEmpty()) {
                examine();
            }
            more = phase != Phase.OVER && !received.isFull() && fill();
        }
    }

    private boolean fill() throws IOException {
        int count = getEndPoint().fill(received.space());
        if (count < 0) {
            end(null);
        }
        return count > 0;
    }

    private void examine() {
        switch (reader.read(received.bytes())) {
            case INCOMPLETE -> received.ensureSpace();
            case COMPLETE -> admit();
            case NOT_TLS, MALFORMED -> refuse(reader.problem());
        }
    }

    private void admit() {
        phase = Phase.AWAITING_CERTIFICATE;
        cancelHelloTimeout();
        ClientHello hello = reader.clientHello(ClientAddress.of(getEndPoint()));
        CompletableFuture<TlsAdmission> decision = gate.admit(hello).toCompletableFuture();
        if (decision.isDone()) {
            follow(decision.join());
            return;
        }
        admission = decision;
        decision.thenAccept(admitted -> dispatch(() -> follow(admitted)));
    }

    private void follow(TlsAdmission decision) {
        if (phase == Phase.OVER) {
            return;
        }
        if (decision instanceof TlsAdmission.Granted granted) {
            start(granted);
        } else if (decision instanceof TlsAdmission.Refused refused) {
            giveWayTo(new RefusedConnection(
                    getEndPoint(), connector, refused.alert().record()));
        }
    }

    private void start(TlsAdmission.Granted granted) {
        GatedSslConnection secure;
        try {
            secure = factory.newSslConnection(connector, getEndPoint(), granted, received);
        } catch (RuntimeException failure) {
            LOG.error(
                    "{}: the TLS provider made no engine: {}. Check its settings.",
                    granted.serverName().map(String::valueOf).orElse("(no server name)"),
                    String.valueOf(failure),
                    failure);
            giveWayTo(new RefusedConnection(getEndPoint(), connector, TlsAlert.INTERNAL_ERROR.record()));
            return;
        }
        phase = Phase.OVER;
        successor = secure;
        getEndPoint().upgrade(secure);
    }

    private void refuse(ClientHelloProblem problem) {
        ByteBuffer answer = gate.refuse(ClientAddress.of(getEndPoint()), problem)
                .map(TlsAlert::record)
                .orElseGet(() -> problem == ClientHelloProblem.PLAIN_HTTP
                        ? RefusedConnection.plainHttpAnswer()
                        : ByteBuffer.allocate(0));
        giveWayTo(new RefusedConnection(getEndPoint(), connector, answer));
    }

    private void giveWayTo(RefusedConnection refused) {
        leave();
        successor = refused;
        getEndPoint().upgrade(refused);
    }

    private void endSlowHello() {
        if (phase != Phase.READING_HELLO) {
            return;
        }
        if (!received.isEmpty()) {
            gate.refuseSlowHello(ClientAddress.of(getEndPoint()));
        }
        end(null);
    }

    private void end(@Nullable Throwable cause) {
        LOG.debug("{}: client left while {}: {}", getEndPoint().getRemoteSocketAddress(), phase, String.valueOf(cause));
        leave();
        getEndPoint().close(cause);
    }

    private void leave() {
        phase = Phase.OVER;
        cancelHelloTimeout();
        received.release();
        if (admission != null) {
            admission.cancel(false);
        }
    }

    private void cancelHelloTimeout() {
        if (helloTimeout != null) {
            helloTimeout.cancel();
        }
    }

    /** Goes over to a thread of the server, from one of a resolver or a timer. */
    private void dispatch(Runnable event) {
        try {
            getExecutor()
                    .execute(() -> events.run(() -> {
                        try {
                            event.run();
                        } catch (RuntimeException failure) {
                            end(failure);
                        }
                    }));
        } catch (RejectedExecutionException stopping) {
            getEndPoint().close(stopping);
        }
    }
}
