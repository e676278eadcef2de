/**
 * A suite of JUnit 6 for those who mount the router in another server.
 *
 * <p>{@link dev.gatehouse.conformance.host.RouterHostConformance} is for an adapter, the implementation of
 * {@link dev.gatehouse.routing.HttpExchange}. Extend it in a test, and say how a server is started:
 *
 * <pre>{@code
 * class MyServerTest extends RouterHostConformance {
 *
 *     @Override
 *     protected RouterHost newHost() {
 *         return new MyServerOnAFreePort();
 *     }
 * }
 * }</pre>
 *
 * <p>Its clients and origins are sockets, so each case is what a client of that server sees: framing and its abuses
 * (RFC 9110, RFC 9112), content and its pace, informational responses, trailers, upgraded connections (RFC 9110, section 7.8; RFC 8441), clients and origins that are slow, leave or
 * break off, buffering, and what the router refuses. A second test that overrides
 * {@link dev.gatehouse.conformance.host.RouterHostConformance#tls} runs the same over TLS, and HTTP/2 with it. Cases run in
 * any order, on free ports of the loopback interface.
 */
@NullMarked
package dev.gatehouse.conformance.host;

import org.jspecify.annotations.NullMarked;
