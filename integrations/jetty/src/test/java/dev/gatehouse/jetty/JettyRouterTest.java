package dev.gatehouse.jetty;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.conformance.host.RouterHostConformance;

class JettyRouterTest extends RouterHostConformance {

    @Override
    protected RouterHost newHost() {
        return new JettyHost();
    }
}
