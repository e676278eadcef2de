package dev.gatehouse.testing.internal.revocation;

import dev.gatehouse.testing.internal.pki.Issuer;
import dev.gatehouse.testing.internal.pki.Revocation;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the revocation lists of issuers (RFC 5280 section 5), each when it is asked for. Immutable and thread safe. */
public final class RevocationLists {
    private final InstantSource clock;
    private final Duration updateInterval;

    /**
     * Makes a maker of lists.
     *
     * @param clock the time of a list
     * @param updateInterval how long a list counts
     */
    public RevocationLists(InstantSource clock, Duration updateInterval) {
        this.clock = clock;
        this.updateInterval = updateInterval;
    }

    /** {@return the list of what an issuer has revoked, in DER} */
    public byte[] of(Issuer issuer) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            X509v2CRLBuilder list = new JcaX509v2CRLBuilder(issuer.certificate(), Date.from(now));
            list.setNextUpdate(Date.from(now.plus(updateInterval)));
            list.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(issuer.certificate().getPublicKey()));
            list.addExtension(
                    Extension.cRLNumber,
                    false,
                    new CRLNumber(BigInteger.valueOf(issuer.issued().nextListNumber())));
            for (Map.Entry<BigInteger, Revocation> entry :
                    issuer.issued().revoked().entrySet()) {
                addEntry(list, entry.getKey(), entry.getValue());
            }
            return list.build(new JcaContentSignerBuilder(issuer.signatureAlgorithm()).build(issuer.privateKey()))
                    .getEncoded();
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(
                    "This JDK cannot sign a revocation list with " + issuer.signatureAlgorithm() + ".", e);
        }
    }

    /** The reason is left out where there is none to give (RFC 5280 section 5.3.1). */
    private static void addEntry(X509v2CRLBuilder list, BigInteger serialNumber, Revocation revocation) {
        Date at = Date.from(revocation.at());
        if (revocation.reason() == CRLReason.UNSPECIFIED) {
            list.addCRLEntry(serialNumber, at, (org.bouncycastle.asn1.x509.Extensions) null);
        } else {
            list.addCRLEntry(serialNumber, at, revocation.reasonCode());
        }
    }
}
