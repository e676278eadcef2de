package dev.gatehouse.undertow;

import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import javax.net.ssl.SSLContext;

/**
 * Prepares an Undertow server whose certificates Gatehouse chooses and whose requests a {@link RouterHandler} may answer.
 *
 * <p><b>The TLS gate.</b> A listener for TLS reads the ClientHello of each connection and decides about it before there is
 * an engine ({@link dev.gatehouse.tls.TlsGate}). A handshake that waits for its certificate, for the bytes of its client or
 * for both holds no thread. A client has {@link ServerTls.Builder#helloTimeout} to send its ClientHello, and the same time
 * again for the rest of the handshake. A request for a host whose policy ({@link ServerTls.Builder#policy}) is another than
 * that of its connection is answered with 421 Misdirected Request before it gets to the handler.
 *
 * <p><b>Threads.</b> What a handshake computes, and what it asks of others in doing so, such as a check of a client's
 * certificate, runs on an executor that these methods set. On a JVM that has virtual threads each such task gets one;
 * elsewhere they share at most {@value #MAX_HANDSHAKE_THREADS} threads, named {@code gatehouse-handshake-}, that end when
 * they have been idle for a minute. The executor also is what lets handshakes wait without a thread: with another one, set
 * on the builder afterwards, each of them holds a thread of it.
 */
public final class GatehouseUndertow {

    static final int MAX_HANDSHAKE_THREADS = 200;
    static final int MAX_HEAD_SECONDS = 30;
    static final int MAX_HEAD_BYTES = 65536;

    private GatehouseUndertow() {}

    /**
     * Adds a listener for HTTP/2 and HTTP/1.1 over TLS.
     *
     * @param builder the server to be; its executor for TLS tasks is set
     * @param certificates finds the certificate for each handshake
     * @param port where to listen, 0 for a free port
     * @param host the local name or address to listen on, such as {@code 0.0.0.0}
     * @param handler what answers
     * @return the builder
     */
    public static Undertow.Builder https(
            Undertow.Builder builder, CertificateResolver certificates, int port, String host, HttpHandler handler) {
        return https(builder, ServerTls.using(certificates), port, host, handler);
    }

    /**
     * Adds a listener for HTTP/2 and HTTP/1.1 over TLS behind a gate of its own, with settings of your own. The
     * application protocols are {@code h2} and {@code http/1.1}, or those of them that
     * {@link ServerTls.Builder#applicationProtocols} names. Handlers find the certificates of clients in Undertow's
     * {@link io.undertow.server.SSLSessionInfo}. Undertow's socket options for TLS must not be set for such a listener.
     *
     * @param builder the server to be; its executor for TLS tasks is set
     * @param tls certificates, versions, client authentication, policies and limits
     * @param port where to listen, 0 for a free port
     * @param host the local name or address to listen on, such as {@code 0.0.0.0}
     * @param handler what answers
     * @return the builder
     */
    public static Undertow.Builder https(
            Undertow.Builder builder, ServerTls tls, int port, String host, HttpHandler handler) {
        SSLContext gate = GateContext.of(tls.gate("h2", "http/1.1"));
        return httpsListener(builder, gate, port, host, new MisdirectedRequestHandler(handler));
    }

    /**
     * Adds a listener for HTTP/2 and HTTP/1.1 over TLS, with a context of your own and without a gate: a handshake that
     * waits for its certificate holds a thread of the executor.
     *
     * @param builder the server to be; its executor for TLS tasks is set
     * @param tls the context, ready to use, such as one of {@link ServerTls}; its bound on waiting handshakes should be
     *     below {@value #MAX_HANDSHAKE_THREADS}
     * @param port where to listen, 0 for a free port
     * @param host the local name or address to listen on, such as {@code 0.0.0.0}
     * @param handler what answers
     * @return the builder
     */
    public static Undertow.Builder https(
            Undertow.Builder builder, SSLContext tls, int port, String host, HttpHandler handler) {
        return httpsListener(builder, EngineContext.waiting(tls), port, host, handler);
    }

    private static Undertow.Builder httpsListener(
            Undertow.Builder builder, SSLContext tls, int port, String host, HttpHandler handler) {
        return builder.setSslEngineDelegatedTaskExecutor(HandshakeExecutor.instance())
                .addListener(new Undertow.ListenerBuilder()
                        .setType(Undertow.ListenerType.HTTPS)
                        .setPort(port)
                        .setHost(host)
                        .setSslContext(tls)
                        .setHttp2Enabled(true)
                        .setRootHandler(handler));
    }

    /**
     * Adds a listener for HTTP/1.1 in clear text, as a challenge of the certificate authority or a load balancer uses it.
     * Clients that offer to go over to HTTP/2 there are answered in HTTP/1.1.
     *
     * @param builder the server to be
     * @param port where to listen, 0 for a free port
     * @param host the local name or address to listen on, such as {@code 0.0.0.0}
     * @param handler what answers
     * @return the builder
     */
    public static Undertow.Builder http(Undertow.Builder builder, int port, String host, HttpHandler handler) {
        return builder.addHttpListener(port, host, handler);
    }

    /**
     * Sets what a {@link RouterHandler} needs of the whole server: paths are not decoded and may contain any character,
     * so that the router decides on what the client sent; request content is not limited, since the router does that; a
     * request head has {@value #MAX_HEAD_SECONDS} seconds to arrive and may have {@value #MAX_HEAD_BYTES} bytes; and the response to a pipelined request goes out at
     * once. Over HTTP/2
     * Undertow takes no request head beyond 20000 bytes, unless the system property {@code io.undertow.http2-max-header-size}
     * says more. Other handlers of the same server get to see raw paths, too,
     * and have to decode what they compare.
     *
     * @param builder the server to be
     * @return the builder
     */
    public static Undertow.Builder forRouting(Undertow.Builder builder) {
        return builder.setServerOption(UndertowOptions.DECODE_URL, false)
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .setServerOption(UndertowOptions.MAX_PARAMETERS, Integer.MAX_VALUE)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEAD_BYTES)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, MAX_HEAD_SECONDS * 1000)
                .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false);
    }
}
