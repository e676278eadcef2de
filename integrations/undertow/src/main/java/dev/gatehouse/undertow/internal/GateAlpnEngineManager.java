package dev.gatehouse.undertow.internal;

import io.undertow.protocols.alpn.ALPNEngineManager;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Keeps Undertow from inspecting the ClientHello of a connection behind a gate. Undertow would wait for it without a limit
 * on time, refuse one that spans several records, and offer HTTP/1.1 alone to clients without a certain cipher suite of
 * TLS 1.2. Undertow finds this class as a service.
 */
public final class GateAlpnEngineManager implements ALPNEngineManager {

    private static final int BEFORE_THOSE_OF_UNDERTOW = 1000;

    /** Makes the manager. Called by the service loader. */
    public GateAlpnEngineManager() {}

    @Override
    public int getPriority() {
        return BEFORE_THOSE_OF_UNDERTOW;
    }

    @Override
    public boolean registerEngine(SSLEngine engine, Function<SSLEngine, SSLEngine> selection) {
        if (!(engine instanceof SelfDecidingEngine selfDeciding)) {
            return false;
        }
        try {
            selfDeciding.skipInspectionBy(selection.apply(engine));
        } catch (SSLException unexpected) {
            throw new IllegalStateException(
                    "Undertow inspects the ClientHello in an unknown way. Use a version of Undertow that is supported.",
                    unexpected);
        }
        return true;
    }
}
