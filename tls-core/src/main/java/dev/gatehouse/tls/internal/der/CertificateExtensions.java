package dev.gatehouse.tls.internal.der;

import static dev.gatehouse.tls.internal.der.DerReader.BOOLEAN;
import static dev.gatehouse.tls.internal.der.DerReader.OBJECT_IDENTIFIER;
import static dev.gatehouse.tls.internal.der.DerReader.OCTET_STRING;
import static dev.gatehouse.tls.internal.der.DerReader.SEQUENCE;

import dev.gatehouse.tls.CredentialException;

/**
 * Where those extensions of a certificate are (RFC 5280, section 4.2) that tell its names and its place in a chain:
 * positions in its encoding, 0 for what it has not. Filled once, not changed then.
 */
final class CertificateExtensions {

    private static final byte[] AUTHORITY_INFORMATION_ACCESS = {0x2b, 6, 1, 5, 5, 7, 1, 1};
    private static final int KEY_IDENTIFIER = 0x80;

    private boolean authority;
    private int subjectKeyId;
    private int authorityKeyId;
    private int alternativeNames;
    private int informationAccess;

    static CertificateExtensions none() {
        return new CertificateExtensions();
    }

    static CertificateExtensions of(DerReader extensions) {
        CertificateExtensions found = new CertificateExtensions();
        while (extensions.hasMore()) {
            DerReader extension = extensions.enter(SEQUENCE);
            DerReader oid = extension.enter(OBJECT_IDENTIFIER);
            extension.skipIfAt(BOOLEAN);
            found.note(oid, extension.enter(OCTET_STRING));
        }
        return found;
    }

    private void note(DerReader oid, DerReader value) {
        if (oid.contentEquals(AUTHORITY_INFORMATION_ACCESS)) {
            informationAccess = once(informationAccess, value);
        } else if (oid.length() == 3 && oid.octet(0) == 0x55 && oid.octet(1) == 0x1d) {
            noteStandard(oid.octet(2), value);
        }
    }

    private void noteStandard(int number, DerReader value) {
        switch (number) {
            case 0x0e -> {
                subjectKeyId = once(subjectKeyId, value);
                value.skip(OCTET_STRING);
            }
            case 0x11 -> alternativeNames = once(alternativeNames, value);
            case 0x13 -> {
                DerReader constraints = value.enter(SEQUENCE);
                authority = constraints.isAt(BOOLEAN) && constraints.content(BOOLEAN)[0] != 0;
            }
            case 0x23 -> {
                DerReader identifier = value.enter(SEQUENCE);
                if (identifier.isAt(KEY_IDENTIFIER)) {
                    authorityKeyId = once(authorityKeyId, identifier);
                    identifier.skip(KEY_IDENTIFIER);
                }
            }
            default -> {
                // The others are for those who verify the certificate.
            }
        }
    }

    /** Of two extensions of one kind, which is forbidden, another reader might see the other one. */
    private static int once(int before, DerReader value) {
        if (before != 0) {
            throw new CredentialException("It has an extension twice.");
        }
        return value.position();
    }

    boolean isAuthority() {
        return authority;
    }

    int subjectKeyId() {
        return subjectKeyId;
    }

    int authorityKeyId() {
        return authorityKeyId;
    }

    int alternativeNames() {
        return alternativeNames;
    }

    int informationAccess() {
        return informationAccess;
    }
}
