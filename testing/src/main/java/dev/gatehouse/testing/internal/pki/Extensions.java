package dev.gatehouse.testing.internal.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;

/** The extensions that make a certificate a CA's, a server's or a responder's (RFC 5280 section 4.2). */
final class Extensions {

    private Extensions() {}

    /** {@return what a root says} */
    static List<Extension> root() {
        return ca(new BasicConstraints(true));
    }

    /** {@return what a CA says that may issue to servers only} */
    static List<Extension> intermediate() {
        return ca(new BasicConstraints(0));
    }

    /** {@return what a CA says that may issue for names below one domain only} */
    static List<Extension> constrainedTo(String domain) {
        GeneralSubtree below = new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain));
        List<Extension> extensions = new ArrayList<>(intermediate());
        extensions.add(of(Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {below}, null)));
        return extensions;
    }

    /**
     * Says what every certificate of a server or a client says.
     *
     * @param key its key; an RSA key may be used for the key exchange of TLS 1.2, too
     * @param purpose what it is good for
     */
    static List<Extension> leaf(PublicKey key, KeyPurposeId purpose) {
        int usage = key.getAlgorithm().equals("RSA")
                ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
                : KeyUsage.digitalSignature;
        return List.of(
                of(Extension.basicConstraints, true, new BasicConstraints(false)),
                of(Extension.keyUsage, true, new KeyUsage(usage)),
                of(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)));
    }

    /** {@return what the certificate of a delegated OCSP responder says, which itself is not checked (RFC 6960)} */
    static List<Extension> ocspResponder() {
        return List.of(
                of(Extension.basicConstraints, true, new BasicConstraints(false)),
                of(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
                of(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning)),
                of(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE));
    }

    /** {@return one extension} */
    static Extension of(ASN1ObjectIdentifier identifier, boolean critical, ASN1Encodable value) {
        try {
            return Extension.create(identifier, critical, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Extension> ca(BasicConstraints constraints) {
        return List.of(
                of(Extension.basicConstraints, true, constraints),
                of(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    }
}
