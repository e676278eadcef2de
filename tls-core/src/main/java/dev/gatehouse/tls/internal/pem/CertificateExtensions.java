package dev.gatehouse.tls.internal.pem;

import static dev.gatehouse.tls.internal.pem.DerReader.BOOLEAN;
import static dev.gatehouse.tls.internal.pem.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.pem.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.pem.DerReader.SEQUENCE;

import org.jspecify.annotations.Nullable;

/**
 * The extensions that tell where a certificate stands in a chain (RFC 5280, section 4.2).
 *
 * @param authority whether it may certify others
 * @param subjectKeyIdentifier names its key, or null
 * @param authorityKeyIdentifier names its issuer's key, or null
 */
public record CertificateExtensions(
        boolean authority,
        @Nullable Octets subjectKeyIdentifier,
        @Nullable Octets authorityKeyIdentifier) {

    static final CertificateExtensions NONE = new CertificateExtensions(false, null, null);

    private static final byte[] BASIC_CONSTRAINTS = {0x55, 0x1d, 0x13};
    private static final byte[] SUBJECT_KEY_IDENTIFIER = {0x55, 0x1d, 0x0e};
    private static final byte[] AUTHORITY_KEY_IDENTIFIER = {0x55, 0x1d, 0x23};
    private static final int KEY_IDENTIFIER = 0x80;

    static CertificateExtensions of(DerReader extensions) {
        CertificateExtensions known = NONE;
        while (extensions.hasMore()) {
            DerReader extension = extensions.enter(SEQUENCE);
            DerReader oid = extension.enter(OBJECT_IDENTIFIER);
            extension.skipIfAt(BOOLEAN);
            known = known.with(oid, extension.enter(OCTET_STRING));
        }
        return known;
    }

    private CertificateExtensions with(DerReader oid, DerReader value) {
        if (oid.contentEquals(BASIC_CONSTRAINTS)) {
            boolean ca = value.enter(SEQUENCE).isAt(BOOLEAN);
            return new CertificateExtensions(ca, subjectKeyIdentifier, authorityKeyIdentifier);
        }
        if (oid.contentEquals(SUBJECT_KEY_IDENTIFIER)) {
            Octets identifier = Octets.of(value.content(OCTET_STRING));
            return new CertificateExtensions(authority, identifier, authorityKeyIdentifier);
        }
        if (oid.contentEquals(AUTHORITY_KEY_IDENTIFIER)) {
            DerReader identifier = value.enter(SEQUENCE);
            Octets key = identifier.isAt(KEY_IDENTIFIER) ? Octets.of(identifier.content(KEY_IDENTIFIER)) : null;
            return new CertificateExtensions(authority, subjectKeyIdentifier, key);
        }
        return this;
    }

    /** What is not said does not contradict. */
    boolean authorityKeyFits(@Nullable Octets issuersKeyIdentifier) {
        return authorityKeyIdentifier == null
                || issuersKeyIdentifier == null
                || authorityKeyIdentifier.equals(issuersKeyIdentifier);
    }
}
