package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.internal.pki.RenewalIds;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The certificates. There are at most as many as there are orders. Thread safe. */
public final class Certificates {
    private final Map<String, IssuedCertificate> byId = new LinkedHashMap<>();
    private final Map<String, String> idByRenewalId = new HashMap<>();

    /** {@return the certificate, kept under a number of its own} */
    public synchronized IssuedCertificate add(String accountId, List<String> names, List<X509Certificate> chain) {
        String id = Integer.toString(byId.size() + 1);
        IssuedCertificate certificate = IssuedCertificate.issued(id, accountId, names, chain);
        byId.put(id, certificate);
        idByRenewalId.put(certificate.renewalId(), id);
        return certificate;
    }

    /** {@return the certificate with this number} */
    public synchronized Optional<IssuedCertificate> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** {@return the certificate with this identifier in renewal information} */
    public synchronized Optional<IssuedCertificate> findByRenewalId(String renewalId) {
        return Optional.ofNullable(idByRenewalId.get(renewalId)).map(byId::get);
    }

    /** {@return the record of a certificate, if this server issued it} */
    public Optional<IssuedCertificate> find(X509Certificate certificate) {
        return certificate.getExtensionValue("2.5.29.35") == null
                ? Optional.empty()
                : findByRenewalId(RenewalIds.of(certificate))
                        .filter(issued -> issued.leaf().equals(certificate));
    }

    /** {@return every certificate, oldest first} */
    public synchronized List<IssuedCertificate> all() {
        return List.copyOf(byId.values());
    }

    /** {@return whether the certificate is revoked now, and was not before} */
    public synchronized boolean revoke(String id, Instant when) {
        IssuedCertificate certificate = byId.get(id);
        if (certificate == null || certificate.revoked() != null) {
            return false;
        }
        byId.put(id, certificate.revoked(when));
        return true;
    }

    /** Says when a certificate should be renewed. */
    public synchronized void suggest(String id, SuggestedWindow window) {
        byId.computeIfPresent(id, (key, certificate) -> certificate.suggested(window));
    }
}
