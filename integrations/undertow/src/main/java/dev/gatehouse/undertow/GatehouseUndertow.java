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
 * <p><b>Threads.</b> Left alone, Undertow runs handshakes on its few I/O threads, and one that waits for its certificate
 * stops all connections of its thread. So the methods here give it an executor for them. On a JVM that has virtual threads
 * each handshake gets one; elsewhere they share at most {@value #MAX_HANDSHAKE_THREADS} threads, named
 * {@code gatehouse-handshake-}, that end when they have been idle for a minute. At most {@value #MAX_WAITING_HANDSHAKES}
 * handshakes wait for a certificate at once, and those beyond are refused with the alert {@code unrecognized_name}, so
 * that a flood of made-up names leaves threads for others.
 */
public final class GatehouseUndertow {

    static final int MAX_HANDSHAKE_THREADS = 200;
    static final int MAX_WAITING_HANDSHAKES = 100;
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
        SSLContext tls = ServerTls.builder(certificates)
                .maxWaiters(MAX_WAITING_HANDSHAKES)
                .build()
                .sslContext();
        return https(builder, tls, port, host, handler);
    }

    /**
     * Adds a listener for HTTP/2 and HTTP/1.1 over TLS, with a context of your own.
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
        return builder.setSslEngineDelegatedTaskExecutor(HandshakeExecutor.instance())
                .addListener(new Undertow.ListenerBuilder()
                        .setType(Undertow.ListenerType.HTTPS)
                        .setPort(port)
                        .setHost(host)
                        .setSslContext(WaitingEngineContext.around(tls))
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
