package dev.gatehouse.tls.internal.der;

import static dev.gatehouse.tls.internal.der.DerReader.BIT_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.der.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;

/**
 * An encoded certificate and what can be read of it without the JVM's certificate parser (RFC 5280, section 4.1), which
 * takes very much longer: enough to know what it is for, whose it is and who issued it, not enough to show it to a client.
 * It is its bytes and a few positions in them. Two are equal if their bytes are. Immutable.
 */
public final class EncodedCertificate {

    private static final int VERSION = 0xa0;
    private static final int ISSUER_UNIQUE_ID = 0x81;
    private static final int SUBJECT_UNIQUE_ID = 0x82;
    private static final int EXTENSIONS = 0xa3;
    private static final int KEY_IDENTIFIER = 0x80;
    private static final int URI_NAME = 0x86;
    private static final byte[] CA_ISSUERS = {0x2b, 6, 1, 5, 5, 7, 0x30, 2};

    private final byte[] encoded;
    private final int serialNumber;
    private final int issuer;
    private final int subject;
    private final int publicKey;
    private final long notBeforeMillis;
    private final long notAfterMillis;
    private final CertificateExtensions extensions;

    private final int hash;

    /** Computed when first asked for; all threads compute the same. */
    private @Nullable Digest digest;

    private EncodedCertificate(byte[] encoded) {
        this.encoded = encoded;
        this.hash = Arrays.hashCode(encoded);
        DerReader certificate = DerReader.of(encoded).enterOnly(SEQUENCE);
        DerReader toBeSigned = certificate.enter(SEQUENCE);
        certificate.skip(SEQUENCE).skip(BIT_STRING);
        toBeSigned.skipIfAt(VERSION);
        this.serialNumber = toBeSigned.position();
        toBeSigned.integer();
        toBeSigned.skip(SEQUENCE);
        this.issuer = toBeSigned.position();
        DerReader validity = toBeSigned.skip(SEQUENCE).enter(SEQUENCE);
        this.notBeforeMillis = ValidityTime.millis(validity);
        this.notAfterMillis = ValidityTime.millis(validity);
        this.subject = toBeSigned.position();
        this.publicKey = toBeSigned.skip(SEQUENCE).position();
        DerReader keyInfo = toBeSigned.enter(SEQUENCE);
        keyInfo.enter(SEQUENCE).skip(OBJECT_IDENTIFIER);
        keyInfo.bits();
        toBeSigned.skipIfAt(ISSUER_UNIQUE_ID);
        toBeSigned.skipIfAt(SUBJECT_UNIQUE_ID);
        this.extensions = toBeSigned.isAt(EXTENSIONS)
                ? CertificateExtensions.of(toBeSigned.enter(EXTENSIONS).enter(SEQUENCE))
                : CertificateExtensions.none();
    }

    /**
     * Reads a certificate.
     *
     * @param encoded its DER; belongs to the result from now on
     * @return what is known of it
     * @throws CredentialException if it is malformed
     */
    public static EncodedCertificate of(byte[] encoded) {
        try {
            return new EncodedCertificate(encoded);
        } catch (RuntimeException malformed) {
            throw new CredentialException(
                    "A certificate is malformed: " + malformed.getMessage() + " Give X.509 certificates.", malformed);
        }
    }

    /**
     * Reads a certificate behind which other bytes may stand, as OpenSSL's trusted certificates have them.
     *
     * @param encoded the certificate and the bytes that are passed over
     * @return what is known of the certificate
     * @throws CredentialException if it is malformed
     */
    public static EncodedCertificate leading(byte[] encoded) {
        DerReader reader = DerReader.of(encoded);
        return of(reader.hasWhole(SEQUENCE) ? reader.element(SEQUENCE) : encoded);
    }

    /**
     * Reads a certificate that was parsed before.
     *
     * @param certificate the certificate
     * @return what is known of it
     * @throws CredentialException if it cannot be encoded
     */
    public static EncodedCertificate of(X509Certificate certificate) {
        try {
            return of(certificate.getEncoded());
        } catch (CertificateEncodingException unencodable) {
            throw new CredentialException(
                    "A certificate cannot be encoded: " + unencodable.getMessage() + ". Issue it anew.", unencodable);
        }
    }

    /** {@return the DER; not to be changed} */
    public byte[] encoded() {
        return encoded;
    }

    /** {@return what tells this from other certificates} */
    public Digest digest() {
        Digest known = digest;
        if (known == null) {
            known = Digest.of(encoded);
            digest = known;
        }
        return known;
    }

    /** {@return the content of the serial number's encoding, with the leading zero that keeps it positive} */
    public byte[] serialNumber() {
        return at(serialNumber).integer();
    }

    /** {@return the first moment of validity, in milliseconds since the epoch} */
    public long notBeforeMillis() {
        return notBeforeMillis;
    }

    /** {@return the last moment of validity, in milliseconds since the epoch} */
    public long notAfterMillis() {
        return notAfterMillis;
    }

    /** {@return whether it may certify others} */
    public boolean isAuthority() {
        return extensions.isAuthority();
    }

    /** {@return its public key, or null if servers cannot use such a key} */
    public @Nullable SubjectPublicKey publicKey() {
        DerReader info = at(publicKey).enter(SEQUENCE);
        KeyAlgorithm algorithm = KeyAlgorithm.ofIdentifier(info.enter(SEQUENCE).enter(OBJECT_IDENTIFIER));
        return algorithm == null
                ? null
                : new SubjectPublicKey(algorithm, Octets.of(info.bits().rest()));
    }

    /**
     * {@return the name of the issuer}
     *
     * @throws CredentialException if the JVM cannot read it
     */
    public X500Principal issuer() {
        return principal(issuer);
    }

    /** {@return the encoded name of the issuer, under which it may be looked up} */
    public Octets issuerName() {
        return Octets.of(name(issuer).rest());
    }

    /** {@return the encoded name of the subject} */
    public Octets subjectName() {
        return Octets.of(name(subject).rest());
    }

    /** {@return the identifier of the issuer's key, as the issuer put it in} */
    public Optional<byte[]> authorityKeyId() {
        int position = extensions.authorityKeyId();
        return position == 0 ? Optional.empty() : Optional.of(at(position).content(KEY_IDENTIFIER));
    }

    /**
     * Reads the names that it is for.
     *
     * @return the DNS names and IP addresses in their order, as text; names of other kinds are left out
     * @throws CredentialException if they are malformed
     */
    public List<String> subjectAlternativeNames() {
        int position = extensions.alternativeNames();
        return position == 0 ? List.of() : AlternativeNames.texts(at(position).enter(SEQUENCE));
    }

    /** {@return where the issuer's certificate can be downloaded (RFC 5280, section 4.2.2.1), if the issuer says so} */
    public Optional<URI> issuerLocation() {
        int position = extensions.informationAccess();
        try {
            DerReader access = position == 0 ? null : at(position).enter(SEQUENCE);
            while (access != null && access.hasMore()) {
                DerReader description = access.enter(SEQUENCE);
                if (description.enter(OBJECT_IDENTIFIER).contentEquals(CA_ISSUERS) && description.isAt(URI_NAME)) {
                    return Optional.of(
                            URI.create(new String(description.content(URI_NAME), StandardCharsets.ISO_8859_1)));
                }
            }
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** {@return whether issuer and subject have the same name, as a root's have} */
    public boolean isSelfIssued() {
        return name(issuer).contentEquals(name(subject));
    }

    /**
     * Tells whether the names are those of an issuer and its certificate, and the key identifiers too. Without key
     * identifiers there is no answer but the signature's.
     *
     * @param candidate perhaps the issuer
     * @return how this points to it
     */
    public Link linkTo(EncodedCertificate candidate) {
        int wanted = extensions.authorityKeyId();
        int offered = candidate.extensions.subjectKeyId();
        boolean isKeyKnown = wanted != 0 && offered != 0;
        if (isKeyKnown
                        && !at(wanted)
                                .enter(KEY_IDENTIFIER)
                                .contentEquals(candidate.at(offered).enter(OCTET_STRING))
                || !isNamedAs(candidate)) {
            return Link.NONE;
        }
        return isKeyKnown ? Link.BY_KEY : Link.BY_NAME;
    }

    /** How a certificate points to its issuer. */
    public enum Link {
        /** It does not. */
        NONE,
        /** The names are the same; nothing is said of keys. */
        BY_NAME,
        /** Names and key identifiers are the same. */
        BY_KEY
    }

    /** Authorities copy their name byte by byte (RFC 5280, section 4.1.2.4); the long comparison is for the others. */
    private boolean isNamedAs(EncodedCertificate candidate) {
        DerReader wanted = name(issuer);
        DerReader offered = candidate.name(candidate.subject);
        return wanted.contentEquals(offered) || candidate.isAuthority() && isSameName(wanted.rest(), offered.rest());
    }

    private static boolean isSameName(byte[] one, byte[] other) {
        try {
            return X500Name.getInstance(one).equals(X500Name.getInstance(other));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private DerReader at(int position) {
        return DerReader.at(encoded, position);
    }

    private DerReader name(int position) {
        return at(position).window(SEQUENCE);
    }

    private X500Principal principal(int position) {
        try {
            return new X500Principal(name(position).rest());
        } catch (IllegalArgumentException malformed) {
            throw new CredentialException(
                    "A name in a certificate is malformed: " + malformed.getMessage() + ". Issue it anew.", malformed);
        }
    }

    private String readableSubject() {
        try {
            String name = principal(subject).getName();
            return name.isEmpty() ? "without subject" : "'" + name + "'";
        } catch (CredentialException unreadable) {
            return "with an unreadable subject";
        }
    }

    /** {@return subject and serial number, for messages} */
    public String describe() {
        return readableSubject() + " (serial " + new BigInteger(serialNumber()).toString(16) + ")";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof EncodedCertificate that
                        && hash == that.hash
                        && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@return the subject, for messages} */
    @Override
    public String toString() {
        return "certificate " + readableSubject();
    }
}
