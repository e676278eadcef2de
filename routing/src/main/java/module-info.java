/** Routing of HTTP exchanges to targets and handlers, independent of the server that carries them. */
@SuppressWarnings("module") // dev.gatehouse.undertow is built later
module dev.gatehouse.routing {
    requires org.slf4j;
    requires static transitive org.jspecify;

    uses dev.gatehouse.routing.transport.OriginTransportProvider;

    exports dev.gatehouse.routing;
    exports dev.gatehouse.routing.transport;
    exports dev.gatehouse.routing.internal.exchange to
            dev.gatehouse.undertow;
    exports dev.gatehouse.routing.internal.loop to
            dev.gatehouse.undertow;
}
