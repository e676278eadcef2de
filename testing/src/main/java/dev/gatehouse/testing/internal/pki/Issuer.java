package dev.gatehouse.testing.internal.pki;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** One certification authority: what it signs with, and its own certificate. Immutable and thread safe. */
public final class Issuer {
    private static final X500Name NOBODY = new X500Name(new RDN[0]);

    private final CertificateSigner signer;
    private final X509Certificate certificate;

    private Issuer(CertificateSigner signer, X509Certificate certificate) {
        this.signer = signer;
        this.certificate = certificate;
    }

    /**
     * Makes a root.
     *
     * @param commonName its name
     * @param keyPair its key
     * @param signatureAlgorithm JCA name of the algorithm that it signs with
     * @param validity when it counts
     * @param random source of serial numbers
     * @return the root, which signed its own certificate
     */
    public static Issuer root(
            String commonName, KeyPair keyPair, String signatureAlgorithm, Validity validity, RandomGenerator random) {
        CertificateSigner signer = new CertificateSigner(named(commonName), keyPair, signatureAlgorithm, random);
        return new Issuer(signer, signer.sign(signer.name(), keyPair.getPublic(), validity, Extensions.root()));
    }

    /**
     * Makes a CA below this one, which may issue to servers only.
     *
     * @param commonName its name
     * @param keyPair its key
     * @param signatureAlgorithm JCA name of the algorithm that it signs with
     * @param validity when it counts
     * @return the CA, whose certificate this one signed
     */
    public Issuer intermediate(String commonName, KeyPair keyPair, String signatureAlgorithm, Validity validity) {
        CertificateSigner below =
                new CertificateSigner(named(commonName), keyPair, signatureAlgorithm, signer.random());
        return new Issuer(below, signer.sign(below.name(), keyPair.getPublic(), validity, Extensions.intermediate()));
    }

    /**
     * Vouches for a CA that has a certificate of its own elsewhere, under the same name and key.
     *
     * @param other the CA
     * @param validity when it counts
     * @return a second certificate of that CA, which this one signed
     */
    public X509Certificate crossSign(Issuer other, Validity validity) {
        CertificateSigner subject = other.signer;
        return signer.sign(subject.name(), subject.keyPair().getPublic(), validity, Extensions.intermediate());
    }

    /**
     * Issues a server's certificate.
     *
     * @param key the server's key
     * @param names its names
     * @param validity when it counts
     * @return the certificate
     */
    public X509Certificate issue(PublicKey key, Collection<String> names, Validity validity) {
        return signer.sign(NOBODY, key, validity, Extensions.server(names, key));
    }

    /**
     * Issues a certificate with names of a server that is good for clients only.
     *
     * @param key the key
     * @param names the names
     * @param validity when it counts
     * @return the certificate
     */
    public X509Certificate issueForClientsOnly(PublicKey key, Collection<String> names, Validity validity) {
        return signer.sign(NOBODY, key, validity, Extensions.client(names, key));
    }

    /**
     * Issues a client's certificate.
     *
     * @param commonName the client's name
     * @param key the client's key
     * @param validity when it counts
     * @return the certificate
     */
    public X509Certificate issueClient(String commonName, PublicKey key, Validity validity) {
        return signer.sign(named(commonName), key, validity, Extensions.client(List.of(), key));
    }

    /**
     * Makes a server's certificate that no CA has signed.
     *
     * @param names its names
     * @param keyPair its key
     * @param signatureAlgorithm JCA name of the algorithm that it is signed with
     * @param validity when it counts
     * @param random source of the serial number
     * @return the certificate
     */
    public static X509Certificate selfSigned(
            List<String> names, KeyPair keyPair, String signatureAlgorithm, Validity validity, RandomGenerator random) {
        CertificateSigner self = new CertificateSigner(named(names.get(0)), keyPair, signatureAlgorithm, random);
        return self.sign(self.name(), keyPair.getPublic(), validity, Extensions.server(names, keyPair.getPublic()));
    }

    /** {@return the same CA, which signs with another algorithm from now on} */
    public Issuer signingWith(String signatureAlgorithm) {
        return new Issuer(
                new CertificateSigner(signer.name(), signer.keyPair(), signatureAlgorithm, signer.random()),
                certificate);
    }

    /** {@return its own certificate} */
    public X509Certificate certificate() {
        return certificate;
    }

    private static X500Name named(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }
}
