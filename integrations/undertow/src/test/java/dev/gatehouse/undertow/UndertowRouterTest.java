package dev.gatehouse.undertow;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.conformance.host.RouterHostConformance;

class UndertowRouterTest extends RouterHostConformance {

    @Override
    protected RouterHost newHost() {
        return new UndertowHost();
    }

    /** Undertow takes {@code :scheme} and {@code :path} of a {@code CONNECT} for malformed. */
    @Override
    protected boolean takesExtendedConnect() {
        return false;
    }
}
