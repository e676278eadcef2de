package dev.gatehouse.testing.conformance;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;

/** The identifier of RFC 9773 section 4.1, from the certificate as a client has it. */
final class RenewalId {

    private RenewalId() {}

    static String of(X509Certificate certificate) {
        byte[] extension = ASN1OctetString.getInstance(certificate.getExtensionValue("2.5.29.35"))
                .getOctets();
        return of(
                AuthorityKeyIdentifier.getInstance(extension).getKeyIdentifierOctets(), certificate.getSerialNumber());
    }

    static String of(byte[] issuerKeyIdentifier, BigInteger serialNumber) {
        return Issuance.encode(issuerKeyIdentifier) + '.' + Issuance.encode(serialNumber.toByteArray());
    }
}
