package dev.gatehouse.undertow;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.conformance.host.RouterHostConformance;

class UndertowRouterTest extends RouterHostConformance {

    @Override
    protected RouterHost newHost() {
        return new UndertowHost();
    }
}
