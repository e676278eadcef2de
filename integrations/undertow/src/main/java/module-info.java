/** Gatehouse in Undertow 2.4: the TLS listener, the challenge handler and the router. */
@SuppressWarnings("requires-transitive-automatic")
module dev.gatehouse.undertow {
    requires transitive dev.gatehouse.acme;
    requires transitive dev.gatehouse.routing;
    requires transitive dev.gatehouse.tls;
    requires transitive undertow.core;
    requires transitive xnio.api;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.gatehouse.undertow;

    provides io.undertow.protocols.alpn.ALPNEngineManager with
            dev.gatehouse.undertow.internal.GateAlpnEngineManager;
}
