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
 * <h2>Threads</h2>
 *
 * <p>Undertow has one I/O thread or two for each processor, and runs handshakes on them unless it is given an executor: one
 * handshake that waits for its certificate then stops every connection of its thread. So the listeners made here come with
 * an executor. On a JVM with virtual threads each handshake gets one of its own; elsewhere they share at most 200 threads.
 * At most 100 handshakes wait for a certificate at once, and those beyond are refused. The executor is set for the whole
 * server; one that is set on the builder afterwards takes its place and must be able to wait just as well. A listener that
 * is added by other means runs its handshakes on the same executor, but without what lets Undertow's I/O threads go on
 * meanwhile.
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
