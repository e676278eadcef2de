/**
 * The seam to what carries exchanges to targets in a version of HTTP that the router does not speak itself. The router
 * decides everything about an exchange: its fields, its time-outs, its retries, what the client gets when it fails. A
 * transport has connections and moves one request and its response over one of them.
 *
 * <p>{@link dev.gatehouse.routing.transport.OriginTransport} is implemented by {@code gatehouse-http2}, which is found by
 * its {@link dev.gatehouse.routing.transport.OriginTransportProvider} when it is on the class path or module path.
 * Applications need this package only to bring a transport of their own.
 */
@NullMarked
package dev.gatehouse.routing.transport;

import org.jspecify.annotations.NullMarked;
