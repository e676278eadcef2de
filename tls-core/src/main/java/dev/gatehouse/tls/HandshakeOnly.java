package dev.gatehouse.tls;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The application protocols whose clients want to see a certificate and nothing else, and who has the certificates. A client
 * that offers something beside such a protocol is a usual one.
 *
 * @param protocols their ALPN names
 * @param resolver finds their credentials, without the policies for missing and unmatched names
 */
record HandshakeOnly(Set<String> protocols, CertificateResolver resolver) {

    /** Whoever proves control of a name has no client certificate, and must not need one. */
    static final ConnectionPolicy POLICY = ConnectionPolicy.of(TlsVersion.TLS_1_2);

    HandshakeOnly {
        protocols = Set.copyOf(protocols);
    }

    Optional<String> offeredBy(ClientHello hello) {
        if (protocols.isEmpty()) {
            return Optional.empty();
        }
        List<String> offered = hello.applicationProtocols();
        return offered.size() == 1 && protocols.contains(offered.get(0))
                ? Optional.of(offered.get(0))
                : Optional.empty();
    }
}
