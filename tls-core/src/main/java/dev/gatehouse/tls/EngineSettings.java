package dev.gatehouse.tls;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLParameters;

/** What every engine and socket of a context is set to. */
record EngineSettings(
        ConnectionPolicy policy,
        List<String> cipherSuites,
        boolean serverOrdersCipherSuites,
        List<String> applicationProtocols) {

    EngineSettings under(ConnectionPolicy other) {
        return new EngineSettings(other, cipherSuites, serverOrdersCipherSuites, applicationProtocols);
    }

    /** Limits parameters to these settings and to what the provider supports. */
    void applyTo(SSLParameters parameters, SSLParameters supported) {
        parameters.setProtocols(protocols(supported));
        parameters.setCipherSuites(supportedSuites(supported));
        parameters.setUseCipherSuitesOrder(serverOrdersCipherSuites);
        if (!applicationProtocols.isEmpty()) {
            parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        }
        switch (policy.clientAuthentication().mode()) {
            case NONE -> parameters.setNeedClientAuth(false);
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
    }

    /** What a server may choose from, for those that look before they have an engine. */
    SSLParameters choices(SSLParameters supported) {
        return new SSLParameters(supportedSuites(supported), protocols(supported));
    }

    private String[] protocols(SSLParameters supported) {
        Set<String> spoken = new LinkedHashSet<>(Arrays.asList(supported.getProtocols()));
        List<String> accepted = List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2).stream()
                .filter(version -> version.compareTo(policy.minVersion()) >= 0)
                .map(TlsVersion::jsseName)
                .filter(spoken::contains)
                .toList();
        return orRefuse(accepted, "speaks none of the versions from " + policy.minVersion() + " on");
    }

    private String[] supportedSuites(SSLParameters supported) {
        Set<String> known = new LinkedHashSet<>(Arrays.asList(supported.getCipherSuites()));
        return orRefuse(
                cipherSuites.stream().filter(known::contains).toList(),
                "has none of the cipher suites " + cipherSuites);
    }

    private static String[] orRefuse(List<String> choices, String problem) {
        if (choices.isEmpty()) {
            throw new IllegalStateException(
                    "The JSSE provider " + problem + ". Choose another provider or other settings.");
        }
        return choices.toArray(String[]::new);
    }
}
