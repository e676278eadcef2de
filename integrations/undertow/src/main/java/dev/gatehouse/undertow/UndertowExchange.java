package dev.gatehouse.undertow;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.internal.exchange.HostLoopExchange;
import dev.gatehouse.routing.internal.loop.EventLoop;
import io.undertow.server.HttpServerExchange;
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
        return content.read(into);
    }

    @Override
    public void whenReadable(Runnable resumed) {
        if (over.get()) {
            thread.execute(resumed);
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
        return writer.isStarted();
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
        return writer.write(data, last, resumed);
    }

    @Override
    public void abort(Throwable cause) {
        end(cause);
    }

    @Override
    public boolean isClientConnected() {
        if (over.get()) {
            return false;
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
        if (failure == null) {
            closed.complete(true);
            content.discardRest(client::close);
        } else {
            thread.executeThere(() -> cutOff(failure));
        }
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
