package dev.gatehouse.testing.internal.pki;

import java.security.cert.X509Certificate;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** The identifiers of certificates in renewal information (RFC 9773 section 4.1). */
public final class RenewalIds {

    private RenewalIds() {}

    /** {@return the key identifier of the issuer and the serial number, each base64url, with a dot between} */
    public static String of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        if (extension == null) {
            throw new IllegalArgumentException("The certificate names no key of its issuer, so it has no renewal"
                    + " information. Use a certificate with an authority key identifier.");
        }
        byte[] issuer = AuthorityKeyIdentifier.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets())
                .getKeyIdentifierOctets();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(issuer)
                + '.'
                + base64.encodeToString(certificate.getSerialNumber().toByteArray());
    }
}
