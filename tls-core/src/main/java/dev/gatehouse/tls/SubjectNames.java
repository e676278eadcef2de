package dev.gatehouse.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the names of a certificate. The common name is not one of them (RFC 9525, section 2). */
final class SubjectNames {

    private static final Logger log = LoggerFactory.getLogger(Credential.class);

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private SubjectNames() {}

    static Coverage of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        for (List<?> alternative : subjectAlternativeNames(certificate)) {
            if (isServerName((Integer) alternative.get(0))) {
                addIfValid(certificate, (String) alternative.get(1), names);
            }
        }
        return Coverage.of(names);
    }

    /** Subject and serial number, for messages. */
    static String describe(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        return (subject.isEmpty() ? "without subject" : "'" + subject + "'") + " (serial "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    private static boolean isServerName(int type) {
        return type == DNS_NAME || type == IP_ADDRESS;
    }

    private static void addIfValid(X509Certificate certificate, String name, List<String> names) {
        try {
            Coverage.of(List.of(name));
            names.add(name);
        } catch (InvalidNameException invalid) {
            log.warn(
                    "Certificate {}: {} It will not be served for that name.",
                    describe(certificate),
                    invalid.getMessage());
        }
    }

    private static Collection<List<?>> subjectAlternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException malformed) {
            throw new CredentialException(
                    "Certificate " + describe(certificate) + " has malformed subject alternative names.", malformed);
        }
    }
}
