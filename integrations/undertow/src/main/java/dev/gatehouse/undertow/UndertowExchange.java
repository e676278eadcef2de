package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.HostLoopExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request and response of Undertow, as the router sees it. */
final class UndertowExchange implements HostLoopExchange {

    private final RequestHead head;
    private final HttpServerExchange exchange;
    private final HostThread thread;
    private final EventLoop loop;
    private final EndGate probes = new EndGate();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final RequestContent content;
    private final ResponseWriter writer;
    private final ClientConnection client;
    private final InformationalResponses informational;
    private volatile @Nullable UpgradedConnection upgraded;

    UndertowExchange(RequestHead head, HttpServerExchange exchange, EventLoop loop) {
        this.head = head;
        this.exchange = exchange;
        this.loop = loop;
        thread = new HostThread(exchange, head);
        content = new RequestContent(exchange, thread);
        writer = new ResponseWriter(head, exchange, content, thread, probes, this::end);
        client = new ClientConnection(exchange, thread, probes, content);
        informational = new InformationalResponses(head, exchange, thread);
        exchange.addExchangeCompleteListener((completed, next) -> {
            boolean cutShort = !writer.isPushing() && !exchange.getConnection().isOpen();
            if (cutShort) {
                end(new ClosedChannelException());
            }
            next.proceed();
        });
    }

    @Override
    public EventLoop loop() {
        return loop;
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
        return head.protocol().toString();
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
        if (over.get()) {
            throw new IOException("the exchange is over");
        }
        UpgradedConnection switched = upgraded;
        return switched == null ? content.read(into) : switched.read(into);
    }

    @Override
    public void whenReadable(Runnable resumed) {
        UpgradedConnection switched = upgraded;
        if (over.get()) {
            thread.execute(resumed);
        } else if (switched != null) {
            switched.whenReadable(resumed);
        } else {
            content.whenReadable(resumed);
        }
    }

    @Override
    public HttpFields requestTrailers() {
        return content.trailers();
    }

    @Override
    public void sendInformational(int status, HttpFields fields) {
        if (writer.isStarted()) {
            throw new IllegalStateException("informational response " + status + ": the final response has begun");
        }
        informational.send(status, fields);
    }

    @Override
    public void startResponse(int status, HttpFields fields) {
        writer.start(status, fields);
    }

    @Override
    public boolean isResponseStarted() {
        return writer.isStarted() || upgraded != null;
    }

    /** Of HTTP/1.1 only: Undertow takes no extended {@code CONNECT}. */
    @Override
    public @Nullable String requestedUpgrade() {
        return head.isHttp11() && exchange.getConnection() instanceof HttpServerConnection
                ? head.fields().requestedUpgrade()
                : null;
    }

    @Override
    public void startUpgrade(HttpFields fields) {
        String protocol = requestedUpgrade();
        if (protocol == null || isResponseStarted()) {
            throw new IllegalStateException("upgrade: not asked for, or the response has begun");
        }
        UpgradedConnection switched = new UpgradedConnection(exchange, thread, this::end);
        upgraded = switched;
        if (!probes.endWith(() -> switched.start(protocol, fields))) {
            throw new IllegalStateException("upgrade: the response has begun");
        }
    }

    @Override
    public void setResponseTrailers(HttpFields trailers) {
        writer.setTrailers(trailers);
    }

    @Override
    public boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        if (over.get()) {
            throw new IOException("the exchange is over");
        }
        UpgradedConnection switched = upgraded;
        return switched == null ? writer.write(data, last, resumed) : switched.write(data, last, resumed);
    }

    @Override
    public void abort(Throwable cause) {
        end(cause);
    }

    @Override
    public boolean isClientConnected() {
        if (over.get() || upgraded != null) {
            return !over.get();
        }
        boolean there = client.isThere();
        if (!there) {
            end(new IOException("the client has closed the connection"));
        }
        return there;
    }

    @Override
    public void whenClosed(Runnable action) {
        closed.thenRun(action);
    }

    boolean isOver() {
        return over.get();
    }

    /** Ends the exchange, once: with a complete response, or with a failure that the client is to notice. */
    private void end(@Nullable Throwable failure) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        UpgradedConnection switched = upgraded;
        if (switched != null) {
            thread.executeThere(() -> close(switched, failure));
        } else if (failure == null) {
            closed.complete(true);
            content.discardRest(client::close);
        } else {
            thread.executeThere(() -> cutOff(failure));
        }
    }

    private void close(UpgradedConnection switched, @Nullable Throwable failure) {
        if (failure == null) {
            client.close();
        } else {
            client.closeWithReset();
        }
        switched.close(new IOException("the exchange is over", failure));
        closed.complete(true);
    }

    private void cutOff(Throwable failure) {
        if (writer.endsWithConnection()) {
            client.closeWithReset();
        } else {
            client.close();
        }
        writer.failPending(failure);
        closed.complete(true);
    }
}
