/** Gatehouse in Jetty 12.1: the TLS connector, the challenge handler and the router. */
module dev.gatehouse.jetty {
    requires transitive dev.gatehouse.acme;
    requires transitive dev.gatehouse.routing;
    requires transitive dev.gatehouse.tls;
    requires transitive org.eclipse.jetty.server;
    requires org.eclipse.jetty.alpn.server;
    requires org.eclipse.jetty.http2.server;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.jetty;
}
