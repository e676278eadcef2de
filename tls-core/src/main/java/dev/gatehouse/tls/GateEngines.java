package dev.gatehouse.tls;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Makes the engines of admitted connections. Each policy has a context of its own, so that no session is ever resumed
 * across policies, and a connection that ends with its handshake one that nobody else gets. The credential is handed over
 * with the engine.
 */
final class GateEngines {

    private final ConnectionPolicies policies;
    private final Map<ConnectionPolicy, PresetContext> contexts;
    private final Supplier<PresetContext> contextOfItsOwn;
    private final RefusalLog refusals;

    GateEngines(
            ConnectionPolicies policies,
            Map<ConnectionPolicy, PresetContext> contexts,
            Supplier<PresetContext> contextOfItsOwn,
            RefusalLog refusals) {
        this.policies = policies;
        this.contexts = Map.copyOf(contexts);
        this.contextOfItsOwn = contextOfItsOwn;
        this.refusals = refusals;
    }

    ConnectionPolicy policyOf(ServerName name) {
        return policies.of(name);
    }

    boolean policiesDiffer() {
        return policies.differByName();
    }

    ConnectionPolicy defaultPolicy() {
        return policies.defaultPolicy();
    }

    void refused(ClientHello hello, String reason) {
        refusals.refused(new HandshakeRefused(hello.serverName(), hello.clientAddress(), Optional.empty(), reason));
    }

    SSLEngine newEngine(
            ClientHello hello, ConnectionPolicy policy, Credential credential, Optional<String> applicationProtocol) {
        PresetContext context = Objects.requireNonNull(contexts.get(policy), "a policy without a context");
        return newEngine(context, hello, credential, applicationProtocol);
    }

    /** There is nothing that a session of this engine could be resumed in. */
    SSLEngine newHandshakeOnlyEngine(ClientHello hello, Credential credential, Optional<String> applicationProtocol) {
        return newEngine(contextOfItsOwn.get(), hello, credential, applicationProtocol);
    }

    private static SSLEngine newEngine(
            PresetContext context, ClientHello hello, Credential credential, Optional<String> applicationProtocol) {
        SSLEngine engine = context.newEngineFor(hello.serverName());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(
                applicationProtocol.map(protocol -> new String[] {protocol}).orElseGet(() -> new String[0]));
        parameters.setSNIMatchers(List.of(new AdmissionMatcher(hello.serverName(), credential)));
        engine.setSSLParameters(parameters);
        return engine;
    }
}
