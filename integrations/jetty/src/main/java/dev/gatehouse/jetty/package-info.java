/**
 * Gatehouse in Jetty 12.1, without servlets: connectors whose certificates are chosen by server name and issued on demand,
 * the answer to HTTP-01 challenges, and a router in front of other servers and of handlers in the same JVM. Each part works
 * without the others.
 *
 * <pre>{@code
 * CertificateManager certificates = CertificateManager.builder()...build();
 * Router router = Router.builder()
 *         .service(Service.named("app").host("app.example.com").target("127.0.0.1:3000").build())
 *         .build();
 *
 * Server server = new Server();
 * server.addConnector(GatehouseConnector.http(server, 80));
 * server.addConnector(GatehouseConnector.https(server, certificates, 443));
 * server.setHandler(new Http01Handler(certificates.http01(), new RouterHandler(router)));
 * server.start();
 * }</pre>
 *
 * <ul>
 *   <li>{@link dev.gatehouse.jetty.GatehouseConnector} makes the connectors: HTTP/2 and HTTP/1.1 over TLS, HTTP/1.1
 *       in clear text.
 *   <li>{@link dev.gatehouse.jetty.TlsGateConnectionFactory} is the TLS of those connectors, for one that you put together
 *       yourself.
 *   <li>{@link dev.gatehouse.jetty.RouterHandler} mounts a router, or any other {@link dev.gatehouse.routing.HttpHandler}.
 *   <li>{@link dev.gatehouse.jetty.Http01Handler} answers the challenges of a certificate authority.
 * </ul>
 *
 * <p>Stop the server first, then close the router and the certificate manager.
 *
 * <h2>Threads</h2>
 *
 * <p>Nothing waits on a thread. A connection's first bytes are read and its certificate is asked for before there is a
 * TLS engine; while the certificate is being found or issued, the connection holds neither a thread of the pool nor one of a
 * selector, and clients with certificates that are there are served as if nobody waited. The handshake itself is work, and
 * runs on the server's pool.
 *
 * <p>Requests need no thread while they are answered. {@code RouterHandler} tells Jetty that it does not block, and is
 * called on the selector's thread that has read the request; continuations run on the thread that found the connection
 * ready. A {@code HttpHandler} of your own that the router leads to is called there as well: it must hand work that blocks
 * to an executor of its own and answer from there, which an exchange allows from any thread.
 *
 * <p>A connector with an {@code SSLContext} of your own has no gate: there a handshake keeps its thread while it waits for
 * its certificate. If you put such a connector together yourself, keep ALPN in it: without ALPN between TLS and HTTP, Jetty
 * takes the word of a handler that does not block for the handshake, too, and runs it on a selector's thread, where a wait for
 * a certificate stops all connections of that selector.
 */
@NullMarked
package dev.gatehouse.jetty;

import org.jspecify.annotations.NullMarked;
