/** Routing of HTTP exchanges to targets and handlers, independent of the server that carries them. */
module dev.gatehouse.routing {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.routing;
}
