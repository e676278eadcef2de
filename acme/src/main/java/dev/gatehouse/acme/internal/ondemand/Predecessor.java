package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.util.Optional;

/**
 * The certificate in whose place another one is ordered, if there is one.
 *
 * @param credential the certificate
 * @param issuer who issued it, if that is known
 */
record Predecessor(Optional<Credential> credential, Optional<String> issuer) {

    boolean isReplaceableBy(String identity) {
        return credential.isPresent() && issuer.equals(Optional.of(identity));
    }

    /** Told to every issuer: those that did not issue it may use its key again. */
    IssuanceRequest requestFor(CertificatePlan plan) {
        IssuanceRequest request = plan.request();
        return credential
                .flatMap(replaced -> issuer.map(known -> request.replacing(replaced, known)))
                .orElse(request);
    }

    CertificateEvent ordering(SubjectName name, String identity, String reason) {
        return credential
                .<CertificateEvent>map(
                        replaced -> new CertificateEvent.Renewing(name, identity, replaced.notAfter(), reason))
                .orElseGet(() -> new CertificateEvent.Ordering(name, identity));
    }
}
