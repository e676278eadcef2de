package dev.gatehouse.undertow;

import dev.gatehouse.routing.contract.RouterContract;
import dev.gatehouse.routing.contract.RouterHost;

class UndertowRouterTest extends RouterContract {

    @Override
    protected RouterHost newHost() {
        return new UndertowHost();
    }
}
