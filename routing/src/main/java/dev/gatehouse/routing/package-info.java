/**
 * A host and path router for any JVM server: it decides where a request goes and moves its bytes.
 *
 * <pre>{@code
 * Router router = Router.builder()
 *         .service(Service.named("web")
 *                 .hosts("example.com", "*.example.com")
 *                 .target("127.0.0.1:3000")
 *                 .build())
 *         .service(Service.named("api")
 *                 .host("example.com")
 *                 .pathPrefix("/api")
 *                 .stripPathPrefix(true)
 *                 .target("127.0.0.1:4000")
 *                 .responseTimeout(Duration.ofMinutes(2))
 *                 .buffering(Buffering.requests().maxRequestBodyBytes(50_000_000).build())
 *                 .build())
 *         .service(Service.named("status").host("status.example.com").handler(new StatusPage()).build())
 *         .build();
 * }</pre>
 *
 * <h2>Who does what</h2>
 *
 * <ul>
 *   <li>{@link dev.gatehouse.routing.Router} finds the service for a request, and is changed while it runs: a change is
 *       complete or refused, and no request is lost by it.
 *   <li>{@link dev.gatehouse.routing.Service} says under which hosts and path prefixes an application is reached, what
 *       answers there, and within which times.
 *   <li>{@link dev.gatehouse.routing.Target} is where an origin listens and how it is spoken to, with
 *       {@link dev.gatehouse.routing.OriginTls} for whom to trust there;
 *       {@link dev.gatehouse.routing.HttpHandler} is code in the same JVM that answers instead. A router is such a
 *       handler itself.
 *   <li>{@link dev.gatehouse.routing.Buffering} collects a request before its target is contacted, and a response
 *       before the client gets it.
 *   <li>{@link dev.gatehouse.routing.transport.OriginTransport} is the seam to what carries exchanges to targets in
 *       HTTP/2, and so to gRPC: the module {@code gatehouse-http2}, which need only be there.
 *   <li>{@link dev.gatehouse.routing.HttpExchange} is the seam to the server that embeds the router. A host adapter
 *       implements it and calls {@link dev.gatehouse.routing.Router#handle}; a handler uses it to read the request and to
 *       write the response. {@link dev.gatehouse.routing.HttpFields} are the fields of both.
 * </ul>
 *
 * <h2>What happens to a request</h2>
 *
 * <p>Its host is brought into one form and looked up exactly, then by wildcard, then among the services for all hosts; its
 * path is compared as it was sent. If it is buffered, its content is collected now. Then an idle connection to the target
 * is taken or a new one opened. The target gets the client's fields without those that belong to one connection (RFC 9110,
 * section 7.6.1), with {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} set to what is known here; what a client
 * says about those itself is dropped. Content and response flow at the same time, at the pace of the slower side, with a
 * bounded buffer for each direction. A response that breaks off is broken off for the client too, so that it can tell. A
 * client that leaves cancels its request.
 *
 * <h2>Other protocols: WebSocket</h2>
 *
 * <p>A client that asks to go on in another protocol (RFC 9110, section 7.8) may do so if its target answers 101 for that
 * one; anything else the target answers is an ordinary response. From then on the bytes of both sides pass untouched, also
 * by {@link dev.gatehouse.routing.Buffering}, at the pace of the slower side; each direction ends by itself, and a side that
 * breaks off breaks off the other. A connection that carries nothing for
 * {@link dev.gatehouse.routing.Service.Builder#upgradeIdleTimeout} is closed. An extended {@code CONNECT} of HTTP/2 (RFC
 * 8441) reaches the target as such a request of HTTP/1.1, where the host takes it. Not passed on are protocols that carry
 * HTTP themselves ({@code h2c}, {@code TLS}), whose requests would pass the router unseen, and upgrades of requests with
 * buffered content.
 *
 * <h2>What the router answers itself</h2>
 *
 * <table>
 *   <caption>Statuses made by the router; every one but 404 has one log line, which names the service and the remedy</caption>
 *   <tr><th>Status</th><th>When</th></tr>
 *   <tr><td>400</td><td>host, path or content malformed, or a path that can be read as one of another service</td></tr>
 *   <tr><td>404</td><td>no service has this host and path</td></tr>
 *   <tr><td>408</td><td>the client paused too long within its content, or sent it too slowly</td></tr>
 *   <tr><td>413</td><td>buffered content over its limit</td></tr>
 *   <tr><td>431</td><td>a request head larger than allowed, or than a target in HTTP/2 takes</td></tr>
 *   <tr><td>500</td><td>a handler failed</td></tr>
 *   <tr><td>501</td><td>{@code CONNECT}, unless it asks for another protocol over HTTP/2</td></tr>
 *   <tr><td>502</td><td>the target refused, could not be found, showed no certificate that is trusted, broke off or broke the rules of HTTP, switched protocols unasked; buffered response over its limit</td></tr>
 *   <tr><td>503</td><td>all connections that the target may have are in use; the router was closed</td></tr>
 *   <tr><td>504</td><td>the target did not accept, read or answer in time</td></tr>
 *   <tr><td>507</td><td>buffered content could not be stored</td></tr>
 * </table>
 *
 * <h2>Threads</h2>
 *
 * <p>{@code gatehouse-origin-N} move bytes and never block; {@code gatehouse-spool-N} wait for the disk;
 * {@code gatehouse-resolver-N} wait for name services; {@code gatehouse-tls-N} compute for handshakes with targets. All
 * are daemons and end with {@link dev.gatehouse.routing.Router#close}.
 */
@NullMarked
package dev.gatehouse.routing;

import org.jspecify.annotations.NullMarked;
