package dev.gatehouse.testing;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.jspecify.annotations.Nullable;

/**
 * An OCSP response (RFC 6960) that a server stapled to its handshake. It is read, and not verified: that is the business of
 * the trust manager. Immutable and safe for use by several threads.
 */
public final class OcspStaple {
    /** What a response says about a certificate. */
    public enum Status {
        /** It was not revoked. */
        GOOD,
        /** It was revoked. */
        REVOKED,
        /** The responder does not know it. */
        UNKNOWN,
        /** The response is an error of the responder, or cannot be read. */
        UNUSABLE
    }

    private final Status status;
    private final @Nullable Instant thisUpdate;
    private final @Nullable Instant nextUpdate;
    private final byte[] encoded;

    private OcspStaple(Status status, @Nullable Instant thisUpdate, @Nullable Instant nextUpdate, byte[] encoded) {
        this.status = status;
        this.thisUpdate = thisUpdate;
        this.nextUpdate = nextUpdate;
        this.encoded = encoded;
    }

    /**
     * Reads a response.
     *
     * @param encoded an {@code OCSPResponse} in DER
     * @return what it says about the first certificate in it
     */
    public static OcspStaple of(byte[] encoded) {
        byte[] copy = encoded.clone();
        try {
            if (new OCSPResp(copy).getResponseObject() instanceof BasicOCSPResp basic
                    && basic.getResponses().length > 0) {
                SingleResp response = basic.getResponses()[0];
                return new OcspStaple(
                        status(response.getCertStatus()),
                        instant(response.getThisUpdate()),
                        instant(response.getNextUpdate()),
                        copy);
            }
        } catch (IOException | OCSPException | RuntimeException malformed) {
            return new OcspStaple(Status.UNUSABLE, null, null, copy);
        }
        return new OcspStaple(Status.UNUSABLE, null, null, copy);
    }

    /** {@return what it says} */
    public Status status() {
        return status;
    }

    /** {@return since when it is known to be true; empty if unusable} */
    public Optional<Instant> thisUpdate() {
        return Optional.ofNullable(thisUpdate);
    }

    /** {@return until when a newer one will be there; empty if unusable, or if it does not say} */
    public Optional<Instant> nextUpdate() {
        return Optional.ofNullable(nextUpdate);
    }

    /** {@return a copy of the response in DER} */
    public byte[] encoded() {
        return encoded.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OcspStaple staple && Arrays.equals(encoded, staple.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** {@return status and dates} */
    @Override
    public String toString() {
        return status + (thisUpdate == null ? "" : " from " + thisUpdate + " to " + nextUpdate);
    }

    private static Status status(@Nullable CertificateStatus status) {
        if (Objects.equals(status, CertificateStatus.GOOD)) {
            return Status.GOOD;
        }
        return status instanceof RevokedStatus ? Status.REVOKED : Status.UNKNOWN;
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
