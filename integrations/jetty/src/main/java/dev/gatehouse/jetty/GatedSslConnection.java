package dev.gatehouse.jetty;

import dev.gatehouse.tls.InvalidNameException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.TlsAdmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/** The TLS connection of an admitted client. Its engine reads the bytes again that the gate has seen. */
final class GatedSslConnection extends SslConnection {

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final Connector connector;
    private final TlsAdmission.Granted admission;
    private final ReceivedBytes replay;
    private volatile @Nullable String lastServedHost;
    private volatile boolean isRefusing;
    private volatile @Nullable RefusedConnection successor;

    GatedSslConnection(
            Connector connector,
            EndPoint endPoint,
            TlsAdmission.Granted admission,
            ReceivedBytes replay,
            boolean directBuffersForEncryption,
            boolean directBuffersForDecryption) {
        super(
                connector.getByteBufferPool(),
                connector.getExecutor(),
                null,
                endPoint,
                admission.newEngine(),
                directBuffersForEncryption,
                directBuffersForDecryption);
        this.connector = connector;
        this.admission = admission;
        this.replay = replay;
    }

    TlsAdmission.Granted admission() {
        return admission;
    }

    /**
     * Tells whether a request for a host may be served here. Most connections ask for one host again and again.
     *
     * @param authority host and optional port
     * @throws InvalidNameException if it is not a host
     */
    boolean mayServe(String authority) {
        if (authority.equals(lastServedHost)) {
            return true;
        }
        boolean served = admission.mayServe(ServerName.ofHost(authority));
        if (served) {
            lastServedHost = authority;
        }
        return served;
    }

    @Override
    protected SslEndPoint newSslEndPoint() {
        return new RefusingEndPoint();
    }

    @Override
    protected SSLEngineResult unwrap(SSLEngine engine, ByteBuffer input, ByteBuffer output) throws SSLException {
        try {
            return super.unwrap(engine, input, output);
        } catch (SSLException refused) {
            isRefusing = true;
            throw refused;
        }
    }

    @Override
    protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] input, ByteBuffer output) throws SSLException {
        try {
            SSLEngineResult result = super.wrap(engine, input, output);
            return isRefusing ? wrapAlert(engine, result, output) : result;
        } catch (SSLException refused) {
            isRefusing = true;
            throw refused;
        }
    }

    /** The JDK's engine counts as closed with the alert still to come, behind a ServerHello; Jetty would leave it there. */
    private SSLEngineResult wrapAlert(SSLEngine engine, SSLEngineResult first, ByteBuffer output) throws SSLException {
        SSLEngineResult result = first;
        while (result.bytesProduced() > 0 && !engine.isOutboundDone()) {
            ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            result = super.wrap(engine, NOTHING, record);
            if (record.flip().remaining() > output.remaining()) {
                return result;
            }
            output.put(record);
        }
        return result;
    }

    @Override
    public void onFillable() {
        RefusedConnection refused = successor;
        if (refused == null) {
            super.onFillable();
        } else {
            refused.onFillable();
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        RefusedConnection refused = successor;
        if (refused == null) {
            super.onFillInterestedFailed(cause);
        } else {
            refused.onFillInterestedFailed(cause);
        }
    }

    private void giveTimeToReadTheAlert() {
        RefusedConnection refused = new RefusedConnection(getEndPoint(), connector, ByteBuffer.allocate(0));
        successor = refused;
        try {
            getExecutor().execute(() -> getEndPoint().upgrade(refused));
        } catch (RejectedExecutionException stopping) {
            getEndPoint().close(stopping);
        }
    }

    @Override
    protected int networkFill(ByteBuffer input) throws IOException {
        int replayed = replay.drainTo(input);
        return replayed > 0 ? replayed : super.networkFill(input);
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        replay.release();
        super.onClose(cause);
    }

    /**
     * Closes after a failure of TLS in the way of a {@link RefusedConnection}. Jetty closes at once, and a client that is
     * still sending then sees a reset in place of the alert.
     */
    private final class RefusingEndPoint extends SslEndPoint {

        @Override
        public void doClose() {
            if (isRefusing && !getEndPoint().isInputShutdown()) {
                doShutdownOutput();
                giveTimeToReadTheAlert();
            } else {
                super.doClose();
            }
        }
    }
}
