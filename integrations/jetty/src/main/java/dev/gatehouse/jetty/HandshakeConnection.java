package dev.gatehouse.jetty;

import dev.gatehouse.tls.ClientAuthentication;
import dev.gatehouse.tls.TlsAdmission;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the handshake, and then gives way to the connection of the application protocol. It runs on threads of the
 * server's pool, never on those of selectors, because it signs and verifies: HTTP itself may run on a selector's thread when
 * handlers do not block.
 */
final class HandshakeConnection extends AbstractConnection implements SslHandshakeListener {

    private static final Logger LOG = LoggerFactory.getLogger(TlsGateConnectionFactory.class);

    /** People look for their smart card, and browsers hold the connection meanwhile. */
    private static final Duration TIME_TO_CHOOSE_A_CERTIFICATE = Duration.ofMinutes(1);

    private final Connector connector;
    private final TlsAdmission.Granted admission;
    private final Duration timeout;
    private Scheduler.@Nullable Task timeoutTask;
    private volatile boolean isDone;

    HandshakeConnection(Connector connector, GatedSslConnection connection, Duration helloTimeout) {
        super(connection.getSslEndPoint(), connector.getExecutor());
        this.connector = connector;
        admission = connection.admission();
        timeout = timeout(helloTimeout);
        connection.addHandshakeListener(this);
    }

    private Duration timeout(Duration helloTimeout) {
        boolean isAskedForCertificate =
                admission.policy().clientAuthentication().mode() != ClientAuthentication.Mode.NONE;
        return isAskedForCertificate && helloTimeout.compareTo(TIME_TO_CHOOSE_A_CERTIFICATE) < 0
                ? TIME_TO_CHOOSE_A_CERTIFICATE
                : helloTimeout;
    }

    @Override
    public void handshakeSucceeded(Event event) {
        SSLEngine engine = event.getSSLEngine();
        admission
                .serverName()
                .ifPresent(name -> engine.getSession().putValue(SslContextFactory.Server.SNI_HOST, name.value()));
        isDone = true;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        timeoutTask = connector.getScheduler().schedule(this::dispatchTimeout, timeout);
        onFillable();
    }

    @Override
    public void onFillable() {
        try {
            int filled = getEndPoint().fill(BufferUtil.EMPTY_BUFFER);
            if (isDone) {
                speak();
            } else if (filled < 0) {
                LOG.debug("{}: client left in the handshake", getEndPoint().getRemoteSocketAddress());
                close();
            } else {
                fillInterested();
            }
        } catch (IOException | RuntimeException failure) {
            fail(reason(failure));
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        fail(reason(cause));
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        if (timeoutTask != null) {
            timeoutTask.cancel();
        }
        super.onClose(cause);
    }

    private void speak() {
        if (admission.endsWithHandshake()) {
            LOG.debug("{}: connection closed, the client only wanted to see the certificate", serverName());
            close();
            return;
        }
        String protocol = admission.applicationProtocol().orElse(HttpVersion.HTTP_1_1.asString());
        ConnectionFactory next = connector.getConnectionFactory(protocol);
        if (next == null) {
            LOG.info(
                    "{}: connection closed, {} has no connection factory in the connector. Add one.",
                    serverName(),
                    protocol);
            close();
            return;
        }
        getEndPoint().upgrade(next.newConnection(connector, getEndPoint()));
    }

    private void dispatchTimeout() {
        try {
            getExecutor().execute(() -> {
                if (!isDone) {
                    fail("not done within " + timeout.toSeconds() + " s");
                }
            });
        } catch (RejectedExecutionException stopping) {
            getEndPoint().close();
        }
    }

    private void fail(String reason) {
        admission.handshakeFailed(reason);
        close();
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private String serverName() {
        return admission.serverName().map(String::valueOf).orElse("(no server name)");
    }
}
