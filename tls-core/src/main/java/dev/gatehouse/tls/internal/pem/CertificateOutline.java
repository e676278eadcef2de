package dev.gatehouse.tls.internal.pem;

import static dev.gatehouse.tls.internal.pem.DerReader.BIT_STRING;
import static dev.gatehouse.tls.internal.pem.DerReader.INTEGER;
import static dev.gatehouse.tls.internal.pem.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a certificate in order to find its key and its issuer (RFC 5280, section 4.1), read without
 * parsing the rest: among 100,000 files that is most of the work saved.
 *
 * @param der the certificate; not to be changed
 * @param digest tells one certificate from another
 * @param publicKey identifies its public key
 * @param subject the encoded name of its subject
 * @param issuer the encoded name of its issuer
 * @param extensions what its extensions say
 */
public record CertificateOutline(
        byte[] der,
        Digest digest,
        PublicKeyId publicKey,
        Octets subject,
        Octets issuer,
        CertificateExtensions extensions) {

    private static final int VERSION = 0xa0;
    private static final int ISSUER_UNIQUE_ID = 0x81;
    private static final int SUBJECT_UNIQUE_ID = 0x82;
    private static final int EXTENSIONS = 0xa3;

    /**
     * Reads a certificate.
     *
     * @param section a section that {@linkplain PemSection#isCertificate() is one}
     * @return what is known of it
     * @throws CredentialException if it is malformed
     */
    public static CertificateOutline of(PemSection section) {
        try {
            return of(section.der());
        } catch (CredentialException malformed) {
            throw new CredentialException(
                    "Line " + section.line() + ": the certificate is malformed. " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Reads a certificate.
     *
     * @param der the certificate; bytes behind it, as OpenSSL's trusted certificates have them, are left out
     * @return what is known of it
     * @throws CredentialException if it is malformed
     */
    public static CertificateOutline of(byte[] der) {
        byte[] exact = DerReader.of(der).element(SEQUENCE);
        DerReader certificate = DerReader.of(exact).enter(SEQUENCE);
        DerReader toBeSigned = certificate.enter(SEQUENCE);
        certificate.skip(SEQUENCE).skip(BIT_STRING);
        toBeSigned.skipIfAt(VERSION);
        toBeSigned.skip(INTEGER).skip(SEQUENCE);
        Octets issuer = Octets.of(toBeSigned.element(SEQUENCE));
        toBeSigned.skip(SEQUENCE);
        Octets subject = Octets.of(toBeSigned.element(SEQUENCE));
        PublicKeyId publicKey = PublicKeyId.ofSubjectPublicKeyInfo(toBeSigned.enter(SEQUENCE));
        toBeSigned.skipIfAt(ISSUER_UNIQUE_ID);
        toBeSigned.skipIfAt(SUBJECT_UNIQUE_ID);
        CertificateExtensions extensions = toBeSigned.isAt(EXTENSIONS)
                ? CertificateExtensions.of(toBeSigned.enter(EXTENSIONS).enter(SEQUENCE))
                : CertificateExtensions.NONE;
        return new CertificateOutline(exact, Digest.of(exact), publicKey, subject, issuer, extensions);
    }

    /** {@return whether this is a root, or a certificate that vouches for itself} */
    public boolean isSelfIssued() {
        return subject.equals(issuer);
    }

    /**
     * Tells whether this was issued by another certificate, as far as names and key identifiers tell.
     *
     * @param candidate perhaps the issuer
     * @return whether it may be; the signature is not looked at
     */
    public boolean mayBeIssuedBy(CertificateOutline candidate) {
        return issuer.equals(candidate.subject)
                && extensions.authorityKeyFits(candidate.extensions.subjectKeyIdentifier());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificateOutline that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    /** {@return the subject, for messages} */
    @Override
    public String toString() {
        String name = new X500Principal(subject.bytes()).getName();
        return name.isEmpty() ? "certificate without subject" : "certificate '" + name + "'";
    }
}
