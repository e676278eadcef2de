/** HTTP/2 from the router to its targets, gRPC among it. */
@SuppressWarnings("module") // the digit is the protocol's
module dev.gatehouse.http2 {
    requires transitive dev.gatehouse.routing;
    requires org.eclipse.jetty.http2.client;
    requires org.eclipse.jetty.io;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.http2;

    provides dev.gatehouse.routing.transport.OriginTransportProvider with
            dev.gatehouse.http2.Http2TransportProvider;
}
