/**
 * HTTP/2 from the router to its targets (RFC 9113), and so gRPC: {@code h2c://host:port} in clear text without asking
 * first, {@code h2://host:port} over TLS with ALPN.
 *
 * <pre>{@code
 * Router router = Router.builder()
 *         .service(Service.named("greeter").host("grpc.example.com").target("h2c://127.0.0.1:50051").build())
 *         .build();
 * }</pre>
 *
 * <p>Having this module on the class path or module path is enough. {@link dev.gatehouse.http2.Http2Transport#builder}
 * sets limits that fit other applications better:
 *
 * <pre>{@code
 * Router router = Router.builder()
 *         .originTransport(Http2Transport.builder().maxConnectionsPerTarget(2).build())
 *         ...
 * }</pre>
 *
 * <p>Exchanges share connections, as many as the target allows. A stream that the target has refused, or that came too late
 * on a connection that it is closing, is sent again. Content is taken from the target at the pace of the client, and the
 * other way round. Trailers and informational responses are passed on; server push is declined.
 *
 * <p>The connections are those of Jetty's HTTP/2 client. Threads are named {@code gatehouse-http2-...}, are daemons and end
 * with the router.
 */
@NullMarked
package dev.gatehouse.http2;

import org.jspecify.annotations.NullMarked;
