package dev.gatehouse.testing.internal.pki;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate says that its state, and its issuer's certificate, can be had (RFC 5280 sections 4.2.1.13 and
 * 4.2.2.1).
 *
 * @param ocsp the OCSP responder, null for none
 * @param crl the revocation list, null for none
 * @param caIssuers the issuer's certificate, null for none
 */
public record RevocationSources(
        @Nullable URI ocsp, @Nullable URI crl, @Nullable URI caIssuers) {
    /** A certificate that names no place. */
    public static final RevocationSources NONE = new RevocationSources(null, null, null);

    List<Extension> extensions() {
        List<Extension> extensions = new ArrayList<>();
        List<AccessDescription> access = new ArrayList<>();
        if (ocsp != null) {
            access.add(new AccessDescription(AccessDescription.id_ad_ocsp, uri(ocsp)));
        }
        if (caIssuers != null) {
            access.add(new AccessDescription(AccessDescription.id_ad_caIssuers, uri(caIssuers)));
        }
        if (!access.isEmpty()) {
            extensions.add(Extensions.of(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(access.toArray(AccessDescription[]::new))));
        }
        if (crl != null) {
            DistributionPointName name = new DistributionPointName(new GeneralNames(uri(crl)));
            extensions.add(
                    Extensions.of(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                        new DistributionPoint(name, null, null)
                    })));
        }
        return extensions;
    }

    private static GeneralName uri(URI uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri.toString());
    }
}
