package dev.gatehouse.testing.internal.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** The extensions that make a certificate a CA's or a server's (RFC 5280 section 4.2). */
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

    /**
     * Says what a server's certificate says.
     *
     * @param names its names
     * @param key its key; an RSA key may be used for the key exchange of TLS 1.2, too
     */
    static List<Extension> server(Collection<String> names, PublicKey key) {
        return leaf(names, key, KeyPurposeId.id_kp_serverAuth);
    }

    /**
     * Says what a client's certificate says.
     *
     * @param names its names, none for a client that its subject names
     * @param key its key
     */
    static List<Extension> client(Collection<String> names, PublicKey key) {
        return leaf(names, key, KeyPurposeId.id_kp_clientAuth);
    }

    private static List<Extension> leaf(Collection<String> names, PublicKey key, KeyPurposeId purpose) {
        int usage = key.getAlgorithm().equals("RSA")
                ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
                : KeyUsage.digitalSignature;
        List<Extension> extensions = new ArrayList<>();
        extensions.add(of(Extension.basicConstraints, true, new BasicConstraints(false)));
        extensions.add(of(Extension.keyUsage, true, new KeyUsage(usage)));
        extensions.add(of(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)));
        if (!names.isEmpty()) {
            // Critical, because the subject is empty (RFC 5280 section 4.2.1.6).
            extensions.add(of(Extension.subjectAlternativeName, true, SubjectAlternativeNames.of(names)));
        }
        return extensions;
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
