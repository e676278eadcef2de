package dev.gatehouse.jetty;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request and response of Jetty, as the router sees it. */
final class JettyExchange implements HttpExchange {

    private final RequestHead head;
    private final Request request;
    private final Callback callback;
    private final EndGate gate = new EndGate();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final RequestContent content;
    private final ResponseWriter writer;
    private final ClientConnection client;
    private volatile @Nullable UpgradedConnection upgraded;

    JettyExchange(RequestHead head, Request request, Response response, Callback callback) {
        this.head = head;
        this.request = request;
        this.callback = callback;
        content = new RequestContent(head, request, gate, this::giveUp);
        writer = new ResponseWriter(head, response, content, this::end);
        client = new ClientConnection(head, request.getConnectionMetaData(), gate, content);
        request.addFailureListener(this::giveUp);
        request.addIdleTimeoutListener(timeout -> false);
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String requestTarget() {
        return head.target();
    }

    @Override
    public @Nullable String authority() {
        return head.authority();
    }

    @Override
    public String scheme() {
        return head.scheme();
    }

    @Override
    public String protocol() {
        return head.version().asString();
    }

    @Override
    public HttpFields requestFields() {
        return head.fields();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return head.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return head.localAddress();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        UpgradedConnection switched = upgraded;
        return switched == null ? content.read(into) : switched.read(into);
    }

    @Override
    public void whenReadable(Runnable resumed) {
        UpgradedConnection switched = upgraded;
        if (switched == null) {
            content.whenReadable(resumed);
        } else {
            switched.whenReadable(resumed);
        }
    }

    @Override
    public HttpFields requestTrailers() {
        return content.trailers();
    }

    @Override
    public void sendInformational(int status, HttpFields fields) {
        writer.sendInformational(status, fields);
    }

    @Override
    public void startResponse(int status, HttpFields fields) {
        if (head.upgrade() != null && head.isMultiplexed() && status >= 200 && status < 300) {
            throw new IllegalStateException(
                    "response " + status + ": answers an extended CONNECT, which it would accept (call startUpgrade)");
        }
        writer.start(status, fields);
    }

    @Override
    public @Nullable String requestedUpgrade() {
        return head.upgrade();
    }

    @Override
    public void startUpgrade(HttpFields fields) {
        String protocol = head.upgrade();
        if (protocol == null || isResponseStarted()) {
            throw new IllegalStateException("upgrade: not asked for, or the response has begun");
        }
        UpgradedConnection switched = new UpgradedConnection(
                request.getTunnelSupport().getEndPoint(),
                request.getConnectionMetaData().getConnector().getExecutor(),
                this::end);
        upgraded = switched;
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, switched);
        gate.endWith(
                () -> writer.startUpgrade(protocol, fields, Callback.from(callback::succeeded, this::notUpgraded)));
    }

    private void notUpgraded(Throwable failure) {
        giveUp(failure);
        callback.failed(failure);
    }

    @Override
    public boolean isResponseStarted() {
        return writer.isStarted();
    }

    @Override
    public void setResponseTrailers(HttpFields trailers) {
        writer.setTrailers(trailers);
    }

    @Override
    public boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        UpgradedConnection switched = upgraded;
        if (switched != null) {
            return switched.write(data, last, resumed);
        }
        if (gate.hasEnded()) {
            throw new IOException("the exchange is over");
        }
        return writer.write(data, last, resumed);
    }

    @Override
    public void abort(Throwable cause) {
        giveUp(cause);
    }

    @Override
    public boolean isClientConnected() {
        if (upgraded != null) {
            return !closed.isDone();
        }
        boolean there = client.isThere();
        if (!there) {
            giveUp(new IOException("the client has closed the connection"));
        }
        return there;
    }

    @Override
    public void whenClosed(Runnable action) {
        closed.thenRun(action);
    }

    boolean isOver() {
        return upgraded == null ? gate.hasEnded() : closed.isDone();
    }

    private void giveUp(Throwable cause) {
        end(cause);
    }

    /** Ends the exchange, once: with a complete response, or with a failure that the client is to notice. */
    private void end(@Nullable Throwable failure) {
        UpgradedConnection switched = upgraded;
        if (switched != null) {
            end(switched, failure);
            return;
        }
        gate.endWith(() -> {
            closed.complete(true);
            if (failure == null) {
                content.discardThen(callback::succeeded);
            } else {
                content.release();
                if (writer.endsWithConnection()) {
                    client.closeWithReset();
                }
                callback.failed(new Request.Handler.AbortException(failure.getMessage(), failure));
            }
        });
    }

    private void end(UpgradedConnection switched, @Nullable Throwable failure) {
        if (!closed.complete(true)) {
            return;
        }
        switched.stop();
        if (failure == null) {
            switched.closeInPeace();
        } else if (head.isMultiplexed()) {
            switched.reset(failure);
        } else {
            client.closeWithReset();
        }
    }
}
