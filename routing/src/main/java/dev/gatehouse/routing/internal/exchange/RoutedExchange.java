package dev.gatehouse.routing.internal.exchange;

import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.loop.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An exchange for which the route has been found. */
public class RoutedExchange implements HttpExchange {

    private final HttpExchange host;
    private final Service service;
    private final String prefix;
    private final String requestTarget;

    /**
     * Makes the exchange.
     *
     * @param host the exchange of the host
     * @param service the service that answers
     * @param prefix the prefix that has been taken off the target; {@code /} if none has
     * @param requestTarget the target as the service sees it
     */
    public RoutedExchange(HttpExchange host, Service service, String prefix, String requestTarget) {
        this.host = host;
        this.service = service;
        this.prefix = prefix;
        this.requestTarget = requestTarget;
    }

    /**
     * Makes another view of the same exchange.
     *
     * @param other the exchange
     */
    protected RoutedExchange(RoutedExchange other) {
        this(other, other.service, other.prefix, other.requestTarget);
    }

    /** {@return the loop of the host that is to serve the exchange; null if the router's own loops are} */
    public @Nullable EventLoop hostLoop() {
        if (host instanceof RoutedExchange view) {
            return view.hostLoop();
        }
        return host instanceof HostLoopExchange onLoop ? onLoop.loop() : null;
    }

    /**
     * {@return whether the client has been given an answer in place of the response that is still being made} Then the
     * exchange is over for whoever makes it, though the client has not left.
     */
    public boolean isAnsweredInPlace() {
        return host instanceof RoutedExchange view && view.isAnsweredInPlace();
    }

    /** {@return the service that answers} */
    public Service service() {
        return service;
    }

    /** {@return the prefix that has been taken off the target; {@code /} if none has} */
    public String strippedPrefix() {
        return prefix;
    }

    @Override
    public String requestTarget() {
        return requestTarget;
    }

    @Override
    public String method() {
        return host.method();
    }

    @Override
    public @Nullable String authority() {
        return host.authority();
    }

    @Override
    public String scheme() {
        return host.scheme();
    }

    @Override
    public String protocol() {
        return host.protocol();
    }

    @Override
    public HttpFields requestFields() {
        return host.requestFields();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return host.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return host.localAddress();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return host.read(into);
    }

    @Override
    public void whenReadable(Runnable resumed) {
        host.whenReadable(resumed);
    }

    @Override
    public HttpFields requestTrailers() {
        return host.requestTrailers();
    }

    @Override
    public void sendInformational(int status, HttpFields fields) {
        host.sendInformational(status, fields);
    }

    @Override
    public void startResponse(int status, HttpFields fields) {
        host.startResponse(status, fields);
    }

    @Override
    public @Nullable String requestedUpgrade() {
        return UpgradePolicy.allowed(host);
    }

    @Override
    public void startUpgrade(HttpFields fields) {
        host.startUpgrade(fields);
    }

    @Override
    public boolean isResponseStarted() {
        return host.isResponseStarted();
    }

    @Override
    public void setResponseTrailers(HttpFields trailers) {
        host.setResponseTrailers(trailers);
    }

    @Override
    public boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException {
        return host.write(data, last, resumed);
    }

    @Override
    public void abort(Throwable cause) {
        host.abort(cause);
    }

    @Override
    public boolean isClientConnected() {
        return host.isClientConnected();
    }

    @Override
    public void whenClosed(Runnable closed) {
        host.whenClosed(closed);
    }
}
