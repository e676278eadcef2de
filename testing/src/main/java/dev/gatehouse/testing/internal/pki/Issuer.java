package dev.gatehouse.testing.internal.pki;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;

/**
 * One certification authority: what it signs with, its own certificate, and what it issued. Thread safe; nothing but the
 * record of what it issued changes.
 */
public final class Issuer {
    static final X500Name NOBODY = new X500Name(new RDN[0]);

    private final CertificateSigner signer;
    private final X509Certificate certificate;
    private final IssuedCertificates issued;

    private Issuer(CertificateSigner signer, X509Certificate certificate, IssuedCertificates issued) {
        this.signer = signer;
        this.certificate = certificate;
        this.issued = issued;
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
        X509Certificate own = signer.sign(signer.name(), keyPair.getPublic(), validity, Extensions.root());
        return new Issuer(signer, own, new IssuedCertificates());
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
        return below(commonName, keyPair, signatureAlgorithm, validity, Extensions.intermediate());
    }

    /**
     * Makes a CA below this one, which may issue for names below one domain only (RFC 5280 section 4.2.1.10).
     *
     * @param commonName its name
     * @param keyPair its key
     * @param validity when it counts
     * @param domain the domain
     * @return the CA, whose certificate this one signed
     */
    public Issuer constrainedIntermediate(String commonName, KeyPair keyPair, Validity validity, String domain) {
        return below(commonName, keyPair, signer.signatureAlgorithm(), validity, Extensions.constrainedTo(domain));
    }

    private Issuer below(
            String commonName,
            KeyPair keyPair,
            String signatureAlgorithm,
            Validity validity,
            List<Extension> extensions) {
        CertificateSigner below =
                new CertificateSigner(named(commonName), keyPair, signatureAlgorithm, signer.random());
        X509Certificate own = remember(signer.sign(below.name(), keyPair.getPublic(), validity, extensions));
        return new Issuer(below, own, new IssuedCertificates());
    }

    /**
     * Vouches for a CA that has another certificate, under the same name and key.
     *
     * @param other the CA
     * @param validity when it counts
     * @param sources where the state of the new certificate can be had
     * @return a second certificate of that CA, which this one signed
     */
    public X509Certificate crossSign(Issuer other, Validity validity, RevocationSources sources) {
        CertificateSigner subject = other.signer;
        List<Extension> extensions = new ArrayList<>(Extensions.intermediate());
        extensions.addAll(sources.extensions());
        return remember(signer.sign(subject.name(), subject.keyPair().getPublic(), validity, List.copyOf(extensions)));
    }

    /**
     * Issues the certificate of a server or a client.
     *
     * @param key its key
     * @param terms what it says
     * @param validity when it counts
     * @return the certificate
     */
    public X509Certificate issue(PublicKey key, LeafTerms terms, Validity validity) {
        return remember(signer.sign(terms.subject(), key, validity, terms.extensions(key)));
    }

    /**
     * Issues the certificate of a responder that signs OCSP responses for this CA.
     *
     * @param key the responder's key
     * @param validity when it counts
     * @return the certificate
     */
    public X509Certificate issueOcspResponder(PublicKey key, Validity validity) {
        return remember(signer.sign(named("OCSP Responder"), key, validity, Extensions.ocspResponder()));
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
        LeafTerms terms = LeafTerms.server(names).withCommonName(names.get(0));
        return new CertificateSigner(terms.subject(), keyPair, signatureAlgorithm, random)
                .sign(terms.subject(), keyPair.getPublic(), validity, terms.extensions(keyPair.getPublic()));
    }

    /**
     * Signs as the holder of a certificate that makes nobody a CA.
     *
     * @param certificate the holder's certificate
     * @param keyPair the holder's key
     * @param signatureAlgorithm JCA name of the algorithm that it signs with
     * @param random source of serial numbers
     * @return a CA that nobody should believe
     */
    public static Issuer impostor(
            X509Certificate certificate, KeyPair keyPair, String signatureAlgorithm, RandomGenerator random) {
        X500Name name =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return new Issuer(
                new CertificateSigner(name, keyPair, signatureAlgorithm, random),
                certificate,
                new IssuedCertificates());
    }

    /** {@return the same CA, which signs with another algorithm from now on} */
    public Issuer signingWith(String signatureAlgorithm) {
        return new Issuer(
                new CertificateSigner(signer.name(), signer.keyPair(), signatureAlgorithm, signer.random()),
                certificate,
                issued);
    }

    /** {@return its own certificate} */
    public X509Certificate certificate() {
        return certificate;
    }

    /** {@return what it remembers of the certificates that it issued} */
    public IssuedCertificates issued() {
        return issued;
    }

    /** {@return the key that it signs with} */
    public PrivateKey privateKey() {
        return signer.keyPair().getPrivate();
    }

    /** {@return JCA name of the algorithm that it signs with} */
    public String signatureAlgorithm() {
        return signer.signatureAlgorithm();
    }

    static X500Name named(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private X509Certificate remember(X509Certificate certificate) {
        issued.add(certificate);
        return certificate;
    }
}
