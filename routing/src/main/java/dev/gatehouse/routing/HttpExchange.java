package dev.gatehouse.routing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, as the host that embeds the router presents them. A host adapter implements this
 * interface and nothing else; everything behind it is the same on every host.
 *
 * <p><b>Nothing here blocks.</b> {@link #read} may have nothing yet and {@link #write} may not be able to take more;
 * both then call back. The methods are called on the few threads that serve all exchanges, so a host whose own I/O blocks
 * does that I/O on its own threads and calls back from them, for which {@link BlockingExchange} is the base.
 *
 * <p><b>Threads.</b> The host runs callbacks on its own threads. A handler may call the methods of an exchange from any
 * thread, but not from two at once: it hands the exchange from thread to thread with a happens-before edge. The
 * exceptions are {@link #abort}, {@link #isClientConnected} and {@link #whenClosed}, which may be called at any time from
 * any thread.
 *
 * <p><b>Order of the response.</b> Any number of {@link #sendInformational}, then one {@link #startResponse}, then
 * {@link #write} until one of them was the last.
 */
public interface HttpExchange {

    /** {@return the request method, a token as sent by the client, case-sensitive (RFC 9110, section 9.1)} */
    String method();

    /**
     * {@return the path and query of the request as they were sent, neither decoded nor normalised; it begins with
     * {@code /}, or is {@code *} for a server-wide {@code OPTIONS}} An absolute-form target has been reduced to this
     * form by the host (RFC 9112, section 3.2).
     */
    String requestTarget();

    /**
     * {@return the host and optional port that the client asked for: the {@code :authority} of HTTP/2, the
     * {@code Host} field or the authority of an absolute-form target of HTTP/1.1; null if the client gave none}
     */
    @Nullable
    String authority();

    /** {@return {@code http} or {@code https}: how the client's connection reached this host} */
    String scheme();

    /** {@return the protocol version of the client's side, such as {@code HTTP/1.1} or {@code HTTP/2.0}} */
    String protocol();

    /** {@return the fields of the request head, without HTTP/2 pseudo-header fields} */
    HttpFields requestFields();

    /** {@return the peer of the client's connection} */
    InetSocketAddress remoteAddress();

    /** {@return the local address that the client's connection reached} */
    InetSocketAddress localAddress();

    /**
     * Reads request content without waiting. The first call of a request with {@code Expect: 100-continue} lets the host
     * send 100 (Continue), so nothing is read before the content is wanted.
     *
     * @param into where the bytes go; at least one byte must be free
     * @return how many bytes were read, 0 if there is nothing yet (call {@link #whenReadable}), or -1 at the end of the
     *     content
     * @throws IOException if the content is malformed or the client has gone away before its end
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Asks to be called once when {@link #read} has something to say again: content, the end or a failure. Only one call
     * may be outstanding.
     *
     * @param resumed run on a thread of the host, which must not be blocked; possibly before this method has returned,
     *     but never on the stack of its caller
     */
    void whenReadable(Runnable resumed);

    /** {@return the trailer fields of the request; empty until {@link #read} has returned -1} */
    HttpFields requestTrailers();

    /**
     * Sends an informational response at once, where the client's protocol can take one.
     *
     * @param status from 100 to 199, except 101
     * @param fields its fields; they do not carry over to the final response
     */
    void sendInformational(int status, HttpFields fields);

    /**
     * Fixes status and fields of the final response. They may be held back until the first {@link #write}.
     *
     * @param status from 200 to 599
     * @param fields the fields, without connection-specific ones. With a {@code Content-Length} the host frames the
     *     content by it; without one it chooses the framing. To an HTTP/1 client {@code Connection: close} may be said,
     *     and then the host closes the connection after the response
     * @throws IllegalStateException if the response has been started before
     */
    void startResponse(int status, HttpFields fields);

    /**
     * {@return the protocol that the client wants to speak instead of HTTP from here on, such as {@code websocket}: of
     * HTTP/1.1 the {@code Upgrade} field named by {@code Connection} (RFC 9110, section 7.8), of HTTP/2 the
     * {@code :protocol} of an extended {@code CONNECT} (RFC 8441); null if it asks for none, or the host cannot switch} An
     * extended {@code CONNECT} is the only one that reaches a handler. A handler that does not switch may answer it with any
     * status but 2xx, which the client would take for the switch.
     */
    default @Nullable String requestedUpgrade() {
        return null;
    }

    /**
     * Switches to the requested protocol in place of {@link #startResponse}: with 101 over HTTP/1.1, with 200 over HTTP/2.
     * From then on {@link #read} and {@link #write} carry its bytes, in both directions until each has ended: -1 is the end
     * of the client's, a write that is the last ends the other one and leaves the client free to go on. The exchange is over
     * when both have ended, or when it is aborted. The content of the request must have been read to its end before.
     *
     * @param fields the fields of the response, without connection-specific ones; the host adds those
     * @throws IllegalStateException if {@link #requestedUpgrade} is null or the response has been started before
     */
    default void startUpgrade(HttpFields fields) {
        throw new IllegalStateException("This host cannot switch protocols.");
    }

    /** {@return whether {@link #startResponse} or {@link #startUpgrade} has been called} */
    boolean isResponseStarted();

    /**
     * Sets the trailer fields that follow the content, where the client's protocol can take them. Called before the last
     * {@link #write}.
     *
     * @param trailers the trailer fields
     */
    void setResponseTrailers(HttpFields trailers);

    /**
     * Writes response content without waiting.
     *
     * @param data the bytes; it may be empty
     * @param last whether the response ends here. Then the exchange is over, also when this method returns false and
     *     the bytes are still on their way
     * @param resumed run once, on a thread of the host that must not be blocked, when the buffer has been consumed after
     *     this method has returned false
     * @return true if everything was taken and the buffer may be used again at once; false if the host keeps the buffer
     *     until it runs {@code resumed}; until then nothing may be written
     * @throws IOException if the client has gone away
     */
    boolean write(ByteBuffer data, boolean last, Runnable resumed) throws IOException;

    /**
     * Ends the exchange without completing the response, so that the client can tell: the connection is closed (HTTP/1.1)
     * or the stream is reset (HTTP/2). Does nothing when the exchange is over.
     *
     * @param cause why, for the log of the host
     */
    void abort(Throwable cause);

    /**
     * {@return whether the client is still there, as far as can be told without waiting} Polled by the data plane while
     * an origin is slow to answer, so that a client that leaves cancels its origin request.
     */
    boolean isClientConnected();

    /**
     * Asks to be told when the exchange is over: completed, aborted, or given up by the client.
     *
     * @param closed run once on a thread of the host, or at once if the exchange is over already; must not block. Several
     *     may be registered
     */
    void whenClosed(Runnable closed);
}
