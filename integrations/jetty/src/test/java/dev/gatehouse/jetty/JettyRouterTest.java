package dev.gatehouse.jetty;

import dev.gatehouse.routing.contract.RouterContract;
import dev.gatehouse.routing.contract.RouterHost;

class JettyRouterTest extends RouterContract {

    @Override
    protected RouterHost newHost() {
        return new JettyHost();
    }
}
