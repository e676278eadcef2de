package dev.gatehouse.tls;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * An encoded certificate and what can be read of it without the JVM's certificate parser, which takes several times as
 * long: enough to know what it is for and who issued it, not enough to show it to a client. Immutable.
 */
final class CertificateDer {

    private final byte[] encoded;
    private final Certificate certificate;
    private final byte[] subject;
    private final byte[] issuer;
    private final long notBeforeMillis;
    private final long notAfterMillis;
    private final byte @Nullable [] subjectKeyId;
    private final byte @Nullable [] authorityKeyId;

    private CertificateDer(byte[] encoded) throws IOException {
        this.encoded = encoded;
        this.certificate = Certificate.getInstance(encoded);
        this.subject = certificate.getSubject().getEncoded();
        this.issuer = certificate.getIssuer().getEncoded();
        this.notBeforeMillis = certificate.getStartDate().getDate().getTime();
        this.notAfterMillis = certificate.getEndDate().getDate().getTime();
        SubjectKeyIdentifier ofSubject = SubjectKeyIdentifier.fromExtensions(extensions());
        this.subjectKeyId = ofSubject == null ? null : ofSubject.getKeyIdentifier();
        AuthorityKeyIdentifier ofAuthority = AuthorityKeyIdentifier.fromExtensions(extensions());
        this.authorityKeyId = ofAuthority == null ? null : ofAuthority.getKeyIdentifierOctets();
    }

    /**
     * Reads a certificate.
     *
     * @param encoded its DER; belongs to the result from now on
     * @throws CredentialException if it is malformed
     */
    static CertificateDer of(byte[] encoded) {
        try {
            return new CertificateDer(encoded);
        } catch (IOException | RuntimeException malformed) {
            throw new CredentialException(
                    "A certificate is malformed: " + malformed.getMessage() + ". Give X.509 certificates.", malformed);
        }
    }

    /**
     * Reads a certificate that was parsed before.
     *
     * @throws CredentialException if it cannot be encoded
     */
    static CertificateDer of(X509Certificate certificate) {
        try {
            return of(certificate.getEncoded());
        } catch (CertificateEncodingException unencodable) {
            throw new CredentialException(
                    "A certificate cannot be encoded: " + unencodable.getMessage() + ". Issue it anew.", unencodable);
        }
    }

    byte[] encoded() {
        return encoded;
    }

    /**
     * The name of the issuer.
     *
     * @throws CredentialException if the JVM cannot read it
     */
    X500Principal issuer() {
        return principal(issuer);
    }

    private static X500Principal principal(byte[] name) {
        try {
            return new X500Principal(name);
        } catch (IllegalArgumentException malformed) {
            throw new CredentialException(
                    "A name in a certificate is malformed: " + malformed.getMessage() + ". Issue it anew.", malformed);
        }
    }

    /** The contents of the serial number's encoding, with the leading zero that keeps it positive. */
    byte[] serialNumber() {
        return certificate.getSerialNumber().getValue().toByteArray();
    }

    SubjectPublicKeyInfo publicKey() {
        return certificate.getSubjectPublicKeyInfo();
    }

    long notBeforeMillis() {
        return notBeforeMillis;
    }

    long notAfterMillis() {
        return notAfterMillis;
    }

    /** The identifier of the issuer's key, as the issuer put it in. */
    Optional<byte[]> authorityKeyId() {
        return Optional.ofNullable(authorityKeyId);
    }

    GeneralName[] subjectAlternativeNames() {
        GeneralNames names = GeneralNames.fromExtensions(extensions(), Extension.subjectAlternativeName);
        return names == null ? new GeneralName[0] : names.getNames();
    }

    /** Where the issuer's certificate can be downloaded (RFC 5280, section 4.2.2.1), if the issuer says so. */
    Optional<URI> issuerLocation() {
        try {
            AuthorityInformationAccess access = AuthorityInformationAccess.fromExtensions(extensions());
            return access == null
                    ? Optional.empty()
                    : Arrays.stream(access.getAccessDescriptions())
                            .filter(description ->
                                    description.getAccessMethod().equals(AccessDescription.id_ad_caIssuers))
                            .map(AccessDescription::getAccessLocation)
                            .filter(location -> location.getTagNo() == GeneralName.uniformResourceIdentifier)
                            .map(location -> URI.create(text(location.getName())))
                            .findFirst();
        } catch (IllegalArgumentException | IllegalStateException malformed) {
            return Optional.empty();
        }
    }

    /** Whether issuer and subject have the same name, as a root's have. */
    boolean isSelfIssued() {
        return names(issuer, subject);
    }

    /**
     * Tells whether the names are those of an issuer and its certificate, and the key identifiers too. Without key
     * identifiers there is no answer but the signature's.
     */
    Link linkTo(CertificateDer candidate) {
        if (!names(issuer, candidate.subject)) {
            return Link.NONE;
        }
        if (authorityKeyId == null || candidate.subjectKeyId == null) {
            return Link.BY_NAME;
        }
        return Arrays.equals(authorityKeyId, candidate.subjectKeyId) ? Link.BY_KEY : Link.NONE;
    }

    /** How a certificate points to its issuer. */
    enum Link {
        NONE,
        BY_NAME,
        BY_KEY
    }

    /** Authorities copy their name byte by byte (RFC 5280, section 4.1.2.4); the long comparison is for the others. */
    private static boolean names(byte[] issuer, byte[] subject) {
        return Arrays.equals(issuer, subject) || X500Name.getInstance(issuer).equals(X500Name.getInstance(subject));
    }

    /** Subject and serial number, for messages. */
    String describe() {
        String name = readableSubject();
        return (name.isEmpty() ? "without subject" : "'" + name + "'") + " (serial "
                + certificate.getSerialNumber().getValue().toString(16) + ")";
    }

    private String readableSubject() {
        try {
            return principal(subject).getName();
        } catch (CredentialException unreadable) {
            return "(unreadable)";
        }
    }

    static String text(ASN1Encodable string) {
        return ((ASN1String) string).getString();
    }

    private @Nullable Extensions extensions() {
        return certificate.getTBSCertificate().getExtensions();
    }
}
