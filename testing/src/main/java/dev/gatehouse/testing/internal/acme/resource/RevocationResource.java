package dev.gatehouse.testing.internal.acme.resource;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.jws.SignedRequest;
import dev.gatehouse.testing.internal.acme.state.Account;
import dev.gatehouse.testing.internal.acme.state.Certificates;
import dev.gatehouse.testing.internal.acme.state.IssuedCertificate;
import dev.gatehouse.testing.internal.acme.state.Orders;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Base64Url;
import dev.gatehouse.testing.internal.acme.wire.JsonObject;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.ResourcePath;
import dev.gatehouse.testing.internal.pki.SubjectAlternativeNames;
import java.io.ByteArrayInputStream;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes certificates (RFC 8555 section 7.6) for those who may: the account that ordered one, an account that holds
 * authorizations for all its names, and the owner of its key.
 */
public final class RevocationResource implements SignedResource.Handler {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.AcmeTestServer");

    /** Those of RFC 5280 section 5.3.1 that the baseline requirements let a subscriber give. */
    private static final Map<Long, CRLReason> REASONS = Map.of(
            0L, CRLReason.UNSPECIFIED,
            1L, CRLReason.KEY_COMPROMISE,
            3L, CRLReason.AFFILIATION_CHANGED,
            4L, CRLReason.SUPERSEDED,
            5L, CRLReason.CESSATION_OF_OPERATION);

    private final TestCa ca;

    private final Certificates certificates;
    private final Orders orders;
    private final InstantSource clock;

    /**
     * Makes the resource.
     *
     * @param ca where revocation servers look
     * @param certificates where certificates are kept
     * @param orders where authorizations are kept
     * @param clock the time of a revocation
     */
    public RevocationResource(TestCa ca, Certificates certificates, Orders orders, InstantSource clock) {
        this.ca = ca;
        this.certificates = certificates;
        this.orders = orders;
        this.clock = clock;
    }

    @Override
    public AcmeResponse answer(SignedRequest request, ResourcePath path) throws ProblemException {
        JsonObject payload = request.json();
        IssuedCertificate certificate = certificates
                .find(parse(payload.requireString("certificate")))
                .orElseThrow(() -> Problem.of(
                                ProblemType.MALFORMED,
                                "This server did not issue the certificate. Ask the CA that did.")
                        .withStatus(404)
                        .exception());
        CRLReason reason = reason(payload.integer("reason"));
        requireRight(request, certificate);
        if (ca.isRevoked(certificate.leaf()) || !certificates.revoke(certificate.id(), clock.instant())) {
            throw Problem.of(ProblemType.ALREADY_REVOKED, "The certificate was revoked already. Nothing is left to do.")
                    .exception();
        }
        ca.revoke(certificate.leaf(), reason);
        LOG.info("{}: certificate revoked", SubjectAlternativeNames.of(certificate.leaf()));
        return AcmeResponse.empty(200);
    }

    private static X509Certificate parse(String base64url) throws ProblemException {
        try {
            byte[] encoded = Base64Url.decode(base64url, "Payload: member 'certificate'");
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "Payload: member 'certificate' is not a certificate. Send its DER form, base64url without"
                                    + " padding.")
                    .exception();
        }
    }

    private static CRLReason reason(@Nullable Long code) throws ProblemException {
        CRLReason reason = REASONS.get(code == null ? 0L : code);
        if (reason == null) {
            throw Problem.of(
                            ProblemType.BAD_REVOCATION_REASON,
                            "Reason " + code + " is not for subscribers to give. Use 0, 1, 3, 4 or 5, or leave it out.")
                    .exception();
        }
        return reason;
    }

    private void requireRight(SignedRequest request, IssuedCertificate certificate) throws ProblemException {
        Account account = request.account();
        boolean allowed = account == null
                ? certificate.leaf().getPublicKey().equals(request.key().publicKey())
                : account.id().equals(certificate.accountId())
                        || orders.authorizedNames(account.id())
                                .containsAll(SubjectAlternativeNames.of(certificate.leaf()));
        if (!allowed) {
            throw Problem.of(
                            ProblemType.UNAUTHORIZED,
                            "The certificate is not yours to revoke. Sign with its own key, with the account that ordered"
                                    + " it, or with one that holds authorizations for all its names.")
                    .exception();
        }
    }
}
