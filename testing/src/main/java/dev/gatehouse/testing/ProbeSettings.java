package dev.gatehouse.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link TlsProbe}.
 *
 * @param hostName what certificates are checked for, null for no check
 * @param trustManager null to accept everything
 * @param context null for one of the probe's own
 */
record ProbeSettings(
        List<SNIServerName> serverNames,
        @Nullable String hostName,
        @Nullable List<String> protocols,
        @Nullable List<String> cipherSuites,
        @Nullable List<String> applicationProtocols,
        @Nullable List<SignatureScheme> signatureSchemes,
        @Nullable X509ExtendedTrustManager trustManager,
        @Nullable SSLContext context,
        @Nullable CertificateMaterial clientCertificate,
        boolean resumeSessions,
        Duration timeout) {

    SSLParameters apply(SSLParameters parameters) {
        parameters.setServerNames(serverNames);
        if (hostName != null && (trustManager != null || context != null)) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (protocols != null) {
            parameters.setProtocols(protocols.toArray(String[]::new));
        }
        if (cipherSuites != null) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        if (applicationProtocols != null) {
            parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        }
        if (signatureSchemes != null) {
            SignatureSchemeParameter.set(parameters, signatureSchemes);
        }
        return parameters;
    }

    String serverNameText() {
        return serverNames.isEmpty()
                ? "without a server name"
                : serverNames.stream()
                        .map(name -> new String(name.getEncoded(), StandardCharsets.ISO_8859_1))
                        .map(name -> name.replaceAll("[^\\x20-\\x7e]", "?"))
                        .collect(Collectors.joining("' and '", "for '", "'"));
    }
}
