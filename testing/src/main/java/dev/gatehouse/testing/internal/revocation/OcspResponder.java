package dev.gatehouse.testing.internal.revocation;

import dev.gatehouse.testing.internal.pki.IssuedCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CRLReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers OCSP requests (RFC 6960) about the certificates of some issuers. Thread safe. */
public final class OcspResponder {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.RevocationServer");
    /** RFC 9654 section 2.1. */
    private static final int LONGEST_NONCE = 128;

    private final List<ResponseSigner> signers;
    private final InstantSource clock;
    private final Duration updateInterval;
    private final DigestCalculatorProvider digests;

    /**
     * Makes a responder.
     *
     * @param signers one for each issuer
     * @param clock the time of a response
     * @param updateInterval how long a response counts
     */
    public OcspResponder(List<ResponseSigner> signers, InstantSource clock, Duration updateInterval) {
        this.signers = List.copyOf(signers);
        this.clock = clock;
        this.updateInterval = updateInterval;
        try {
            this.digests = new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("This JDK has no message digests.", e);
        }
    }

    /**
     * Answers a request, also one that cannot be read.
     *
     * @param request an {@code OCSPRequest} in DER
     * @return an {@code OCSPResponse} in DER
     */
    public byte[] answer(byte[] request) {
        try {
            OCSPReq parsed = new OCSPReq(request);
            if (parsed.getRequestList().length == 0) {
                return refuse(OCSPRespBuilder.MALFORMED_REQUEST, "it asks for no certificate");
            }
            byte[] nonce = nonce(parsed);
            if (nonce != null && (nonce.length == 0 || nonce.length > LONGEST_NONCE)) {
                return refuse(
                        OCSPRespBuilder.MALFORMED_REQUEST,
                        "its nonce has " + nonce.length + " bytes (expected: 1 to " + LONGEST_NONCE + ")");
            }
            Optional<ResponseSigner> signer = signerFor(parsed);
            return signer.isPresent()
                    ? respond(parsed, signer.get())
                    : refuse(
                            OCSPRespBuilder.UNAUTHORIZED,
                            "it is not about certificates of one issuer of this CA. Ask the responder that the"
                                    + " certificate names");
        } catch (IOException | IllegalArgumentException | ClassCastException unreadable) {
            return refuse(OCSPRespBuilder.MALFORMED_REQUEST, "it cannot be read: " + unreadable.getMessage());
        } catch (OCSPException | OperatorCreationException e) {
            throw new IllegalStateException("This JDK cannot make an OCSP response.", e);
        }
    }

    /** {@return the answer of a responder that has no answer today} */
    public byte[] tryLater() {
        return failure(OCSPRespBuilder.TRY_LATER);
    }

    private Optional<ResponseSigner> signerFor(OCSPReq request) throws OCSPException {
        for (ResponseSigner signer : signers) {
            boolean all = true;
            for (Req one : request.getRequestList()) {
                all &= one.getCertID().matchesIssuer(signer.issuerCertificate(), digests);
            }
            if (all) {
                return Optional.of(signer);
            }
        }
        return Optional.empty();
    }

    private byte[] respond(OCSPReq request, ResponseSigner signer)
            throws OCSPException, OperatorCreationException, IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Date nextUpdate = Date.from(now.plus(updateInterval));
        BasicOCSPRespBuilder response =
                new BasicOCSPRespBuilder(signer.keyInfo(), digests.get(CertificateID.HASH_SHA1));
        for (Req one : request.getRequestList()) {
            CertificateStatus status =
                    status(signer.issuer().issued(), one.getCertID().getSerialNumber());
            response.addResponse(one.getCertID(), status, Date.from(now), nextUpdate);
        }
        Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce != null) {
            response.setResponseExtensions(new Extensions(nonce));
        }
        return new OCSPRespBuilder()
                .build(
                        OCSPRespBuilder.SUCCESSFUL,
                        response.build(
                                new JcaContentSignerBuilder(signer.signatureAlgorithm()).build(signer.privateKey()),
                                signer.shown(),
                                Date.from(now)))
                .getEncoded();
    }

    private static CertificateStatus status(IssuedCertificates issued, BigInteger serialNumber) {
        if (!issued.contains(serialNumber)) {
            return new UnknownStatus();
        }
        return issued.revocation(serialNumber)
                .map(revocation -> {
                    ASN1GeneralizedTime at = new ASN1GeneralizedTime(Date.from(revocation.at()));
                    return (CertificateStatus) new RevokedStatus(
                            revocation.reason() == CRLReason.UNSPECIFIED
                                    ? new RevokedInfo(at, null)
                                    : new RevokedInfo(
                                            at, org.bouncycastle.asn1.x509.CRLReason.lookup(revocation.reasonCode())));
                })
                .orElse(CertificateStatus.GOOD);
    }

    private static byte @Nullable [] nonce(OCSPReq request) {
        Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        return nonce == null
                ? null
                : ASN1OctetString.getInstance(nonce.getParsedValue()).getOctets();
    }

    private static byte[] refuse(int status, String reason) {
        LOG.warn("OCSP request refused: {}.", reason);
        return failure(status);
    }

    private static byte[] failure(int status) {
        try {
            return new OCSPRespBuilder().build(status, null).getEncoded();
        } catch (OCSPException | IOException e) {
            throw new IllegalStateException("BouncyCastle cannot encode an OCSP response.", e);
        }
    }
}
