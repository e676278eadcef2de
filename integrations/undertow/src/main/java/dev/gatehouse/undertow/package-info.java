/**
 * Gatehouse in Undertow 2.4: listeners whose certificates are chosen by server name and issued on demand, the answer to
 * HTTP-01 challenges, and a router in front of other servers and of handlers in the same JVM. Each part works without the
 * others.
 *
 * <pre>{@code
 * CertificateManager certificates = CertificateManager.builder()...build();
 * Router router = Router.builder()
 *         .service(Service.named("app").host("app.example.com").target("127.0.0.1:3000").build())
 *         .build();
 *
 * HttpHandler handler = new Http01Handler(certificates.http01(), new RouterHandler(router));
 * Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
 * GatehouseUndertow.http(builder, 80, "0.0.0.0", handler);
 * GatehouseUndertow.https(builder, certificates, 443, "0.0.0.0", handler);
 * Undertow server = builder.build();
 * server.start();
 * }</pre>
 *
 * <ul>
 *   <li>{@link dev.gatehouse.undertow.GatehouseUndertow} adds the listeners, HTTP/2 and HTTP/1.1 over TLS, HTTP/1.1 in clear
 *       text, and sets what a router needs of the server.
 *   <li>{@link dev.gatehouse.undertow.RouterHandler} mounts a router, or any other
 *       {@link dev.gatehouse.routing.HttpHandler}.
 *   <li>{@link dev.gatehouse.undertow.Http01Handler} answers the challenges of a certificate authority.
 * </ul>
 *
 * <p>Stop the server first, then close the router and the certificate manager.
 *
 * <h2>The TLS gate</h2>
 *
 * <p>A listener made from a {@link dev.gatehouse.tls.CertificateResolver} or a {@link dev.gatehouse.tls.ServerTls} reads the
 * ClientHello of a connection and asks a {@link dev.gatehouse.tls.TlsGate} before there is an engine:
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.builder(certificates)
 *         .policy("admin.example.com", ConnectionPolicy.of(TlsVersion.TLS_1_3, ClientAuthentication.required(authorities)))
 *         .build();
 * GatehouseUndertow.https(builder, tls, 443, "0.0.0.0", handler);
 * }</pre>
 *
 * <p>A name without a certificate is answered with the alert {@code unrecognized_name}, and clients are bounded in the
 * time and the bytes that they take for a handshake. A request whose host has another policy than its connection, as browsers send
 * them when they share one HTTP/2 connection among hosts, gets 421 and is not passed on. Undertow's socket options for TLS
 * (client authentication, protocols, cipher suites) do not apply behind a gate, and connections are refused if they are set.
 *
 * <h2>Threads</h2>
 *
 * <p>Undertow has one I/O thread or two for each processor. A handshake that waits for its certificate holds none of them,
 * nor any other, behind a gate. What it computes runs on an executor that comes with the listeners: on a JVM with virtual
 * threads each task gets one of its own, elsewhere they share at most 200 threads. The executor is set for the whole server;
 * one that is set on the builder afterwards takes its place, and then each waiting handshake does hold a thread of it. So it
 * does for a listener that is made from an {@link javax.net.ssl.SSLContext}, of which at most as many wait as the context
 * allows.
 *
 * <p>Requests need no thread while they are answered. {@code RouterHandler} is called on the I/O thread that has read the
 * request, and continuations run there. A {@code HttpHandler} of your own that the router leads to is called there as well:
 * it must hand work that blocks to an executor of its own and answer from there, which an exchange allows from any thread.
 * Below HTTP/1.1 over TLS Undertow's channels are made for one thread at a time, so what other threads read and write there
 * passes through the I/O thread; elsewhere they use the connection directly.
 */
@NullMarked
package dev.gatehouse.undertow;

import org.jspecify.annotations.NullMarked;
