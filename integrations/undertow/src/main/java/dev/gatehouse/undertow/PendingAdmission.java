package dev.gatehouse.undertow;

import dev.gatehouse.tls.ClientHelloProblem;
import dev.gatehouse.tls.ClientHelloReader;
import dev.gatehouse.tls.TlsAdmission;
import dev.gatehouse.tls.TlsAlert;
import dev.gatehouse.tls.TlsGate;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose admission is being decided: first its ClientHello is read, then the gate is asked. Used on the I/O
 * thread, but for the decision, which may come on any.
 */
final class PendingAdmission {

    private static final Logger LOG = LoggerFactory.getLogger(GatehouseUndertow.class);

    private final TlsGate gate;
    private final InetAddress client;
    private final Runnable whenDecided;
    private final ClientHelloReader reader;
    private @Nullable CompletionStage<TlsAdmission> decision;
    private volatile @Nullable TlsAdmission decided;

    PendingAdmission(TlsGate gate, InetAddress client, Runnable whenDecided) {
        this.gate = gate;
        this.client = client;
        this.whenDecided = whenDecided;
        this.reader = gate.newReader();
    }

    /** {@return how many bytes of the client there may be before the decision} */
    int maxReceivedBytes() {
        return reader.maxReceivedBytes();
    }

    /** {@return whether the client has not yet sent its whole ClientHello} */
    boolean awaitsClient() {
        return decision == null;
    }

    boolean isDecided() {
        return decided != null;
    }

    /**
     * Goes on as far as that is possible without waiting.
     *
     * @param received all that the client has sent
     * @return the admission, if it is granted by now
     * @throws HandshakeRefusedException if it is refused
     */
    Optional<TlsAdmission.Granted> proceed(ByteBuffer received) throws HandshakeRefusedException {
        if (decision == null) {
            switch (reader.read(received)) {
                case INCOMPLETE -> {
                    return Optional.empty();
                }
                case COMPLETE -> ask();
                case NOT_TLS, MALFORMED -> throw refusal(reader.problem());
            }
        }
        TlsAdmission admission = decided;
        if (admission instanceof TlsAdmission.Refused refused) {
            throw new HandshakeRefusedException(refused.reason(), Optional.of(refused.alert()));
        }
        return Optional.ofNullable((TlsAdmission.Granted) admission);
    }

    private void ask() {
        decision = gate.admit(reader.clientHello(client)).whenComplete((admission, impossible) -> {
            decided = admission != null ? admission : failed(impossible);
            whenDecided.run();
        });
    }

    private TlsAdmission failed(Throwable failure) {
        LOG.error("{}: handshake refused, the TLS gate failed", client.getHostAddress(), failure);
        return new TlsAdmission.Refused(TlsAlert.INTERNAL_ERROR, "the TLS gate failed");
    }

    private HandshakeRefusedException refusal(ClientHelloProblem problem) {
        return new HandshakeRefusedException(problem.toString(), gate.refuse(client, problem));
    }

    /** Refuses a client that took too long; one that has sent nothing at all may just look whether somebody listens. */
    HandshakeRefusedException slowHello(boolean hasBegun) {
        if (hasBegun) {
            gate.refuseSlowHello(client);
        } else {
            LOG.debug(
                    "{}: closed, since nothing came in {} ms",
                    client.getHostAddress(),
                    gate.helloTimeout().toMillis());
        }
        return new HandshakeRefusedException("no ClientHello in time", Optional.empty());
    }

    /** Refuses a client that stops in the middle of the handshake. */
    HandshakeRefusedException slowHandshake() {
        if (decided instanceof TlsAdmission.Granted granted) {
            granted.handshakeFailed(
                    "nothing more came in " + gate.helloTimeout().toMillis()
                            + " ms after the ClientHello. Raise helloTimeout if honest clients are that slow.");
        }
        return new HandshakeRefusedException("no end of the handshake in time", Optional.empty());
    }

    /** Refuses a client that goes on sending before it may. */
    HandshakeRefusedException tooMuch() {
        return refusal(ClientHelloProblem.TOO_MANY_BYTES);
    }

    /** Forgets a client that has left. */
    void cancel() {
        if (decision != null) {
            if (decided == null) {
                LOG.debug("{}: left while its admission was being decided", client.getHostAddress());
            }
            decision.toCompletableFuture().cancel(false);
        }
    }
}
