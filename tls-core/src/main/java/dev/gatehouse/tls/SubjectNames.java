package dev.gatehouse.tls;

import dev.gatehouse.tls.internal.der.EncodedCertificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the names of a certificate. The common name is not one of them (RFC 9525, section 2). */
final class SubjectNames {

    private static final Logger log = LoggerFactory.getLogger(Credential.class);

    private SubjectNames() {}

    static Coverage of(X509Certificate certificate) {
        return of(EncodedCertificate.of(certificate));
    }

    static Coverage of(EncodedCertificate certificate) {
        List<ServerName> exact = new ArrayList<>();
        List<WildcardName> wildcards = new ArrayList<>();
        for (String name : texts(certificate)) {
            try {
                if (WildcardName.isWildcard(name)) {
                    wildcards.add(WildcardName.of(name));
                } else {
                    exact.add(ServerName.of(name));
                }
            } catch (InvalidNameException invalid) {
                log.warn(
                        "Certificate {}: {} It will not be served for that name.",
                        certificate.describe(),
                        invalid.getMessage());
            }
        }
        return Coverage.of(exact, wildcards);
    }

    /** Subject and serial number, for messages. */
    static String describe(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return (subject.isEmpty() ? "without subject" : "'" + subject + "'") + " (serial "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    private static List<String> texts(EncodedCertificate certificate) {
        try {
            return certificate.subjectAlternativeNames();
        } catch (CredentialException malformed) {
            throw new CredentialException(
                    "Certificate " + certificate.describe()
                            + " has malformed subject alternative names. Issue it anew.",
                    malformed);
        }
    }
}
