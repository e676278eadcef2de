package dev.gatehouse.tls;

import java.security.Provider;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What is set for a {@link ServerTls}, with the defaults for what is not; checked when it is read. */
final class ServerTlsSettings {

    private static final Duration MAX_SESSION_LIFETIME = Duration.ofDays(7);

    final Setting<Provider> provider = new Setting<>("provider");
    final Setting<TlsProfile> profile = new Setting<>("profile");
    final Setting<TlsVersion> minVersion = new Setting<>("minVersion");
    final Setting<List<String>> cipherSuites = new Setting<>("cipherSuites");
    final Setting<List<String>> applicationProtocols = new Setting<>("applicationProtocols");
    final Setting<ServerNamePolicy> missingServerName = new Setting<>("missingServerName");
    final Setting<ServerNamePolicy> unmatchedServerName = new Setting<>("unmatchedServerName");
    final Setting<ClientAuthentication> clientAuthentication = new Setting<>("clientAuthentication");
    final Setting<Boolean> stapleOcspResponses = new Setting<>("stapleOcspResponses");
    final Setting<Duration> sessionLifetime = new Setting<>("sessionLifetime");
    final Setting<Integer> sessionCacheSize = new Setting<>("sessionCacheSize");
    final Setting<Duration> maxWait = new Setting<>("maxWait");
    final Setting<Integer> maxWaiters = new Setting<>("maxWaiters");
    final Setting<Integer> maxWaitingConnections = new Setting<>("maxWaitingConnections");
    final Setting<Duration> helloTimeout = new Setting<>("helloTimeout");
    final Setting<Consumer<? super HandshakeRefused>> listener = new Setting<>("listener");
    final Map<ServerName, ConnectionPolicy> exactPolicies = new HashMap<>();
    final Map<WildcardName, ConnectionPolicy> wildcardPolicies = new HashMap<>();

    CertificateResolver policed(CertificateResolver resolver) {
        return new PolicedResolver(
                resolver,
                missingServerName.orElse(ServerNamePolicy.refuse()),
                unmatchedServerName.orElse(ServerNamePolicy.refuse()));
    }

    BoundedWait boundedWait(CertificateResolver resolver, RefusalLog refusals) {
        return BoundedWait.on(resolver, longestWait(), atLeastOne(maxWaiters, ServerTls.DEFAULT_MAX_WAITERS), refusals);
    }

    GateLimits gateLimits() {
        return new GateLimits(
                positive(helloTimeout, ServerTls.DEFAULT_HELLO_TIMEOUT),
                longestWait(),
                atLeastOne(maxWaitingConnections, ServerTls.DEFAULT_MAX_WAITING_CONNECTIONS));
    }

    JsseContexts contexts() {
        return new JsseContexts(
                provider.orElseGet(JsseProviders::automatic),
                stapleOcspResponses.orElse(false),
                lifetimeOfSessions(),
                atLeastOne(sessionCacheSize, ServerTls.DEFAULT_SESSION_CACHE_SIZE));
    }

    EngineSettings engineSettings() {
        if (cipherSuites.isSet() && profile.isSet()) {
            throw new IllegalStateException("cipherSuites and profile were both set. Set one of them.");
        }
        return new EngineSettings(
                defaultPolicy(),
                cipherSuites.orElse(chosenProfile().cipherSuites()),
                cipherSuites.isSet(),
                applicationProtocols.orElse(List.of()));
    }

    ConnectionPolicies connectionPolicies() {
        return new ConnectionPolicies(defaultPolicy(), exactPolicies, wildcardPolicies);
    }

    Consumer<? super HandshakeRefused> refusalListener() {
        return listener.orElse(refusal -> {});
    }

    private ConnectionPolicy defaultPolicy() {
        return ConnectionPolicy.of(lowestVersion(), clientAuthentication.orElse(ClientAuthentication.none()));
    }

    private TlsVersion lowestVersion() {
        TlsVersion ofProfile = chosenProfile().minVersion();
        TlsVersion wanted = minVersion.orElse(ofProfile);
        if (wanted.compareTo(ofProfile) < 0) {
            throw new IllegalStateException("minVersion " + wanted + " is below that of the profile " + chosenProfile()
                    + ", " + ofProfile + ". Raise it, or choose another profile.");
        }
        return wanted;
    }

    private TlsProfile chosenProfile() {
        return profile.orElse(TlsProfile.INTERMEDIATE);
    }

    private Duration longestWait() {
        return positive(maxWait, ServerTls.DEFAULT_MAX_WAIT);
    }

    private Duration lifetimeOfSessions() {
        Duration lifetime = positive(sessionLifetime, ServerTls.DEFAULT_SESSION_LIFETIME);
        if (lifetime.toSeconds() < 1 || lifetime.compareTo(MAX_SESSION_LIFETIME) > 0) {
            throw new IllegalArgumentException("sessionLifetime: " + lifetime + " (expected: 1 second to "
                    + MAX_SESSION_LIFETIME.toDays() + " days)");
        }
        return lifetime;
    }

    private static Duration positive(Setting<Duration> setting, Duration otherwise) {
        Duration value = setting.orElse(otherwise);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(setting.name() + ": " + value + " (expected: more than zero)");
        }
        return value;
    }

    private static int atLeastOne(Setting<Integer> setting, int otherwise) {
        int value = setting.orElse(otherwise);
        if (value < 1) {
            throw new IllegalArgumentException(setting.name() + ": " + value + " (expected: at least 1)");
        }
        return value;
    }
}
