package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.pki.SubjectAlternativeNames;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates in the messages of assertions: what they are for, and what tells them apart. */
final class CertificateText {

    private CertificateText() {}

    static String of(List<X509Certificate> chain) {
        return chain.isEmpty()
                ? "none"
                : chain.stream().map(CertificateText::of).collect(Collectors.joining(" <- "));
    }

    static String of(X509Certificate certificate) {
        String serial = certificate.getSerialNumber().toString(16);
        return '[' + names(certificate) + ", " + certificate.getPublicKey().getAlgorithm() + ", serial "
                + serial.substring(Math.max(0, serial.length() - 8)) + ']';
    }

    private static String names(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        try {
            String names = String.join(" ", SubjectAlternativeNames.of(certificate));
            return names.isEmpty() ? subject : names;
        } catch (IllegalArgumentException misplacedWildcard) {
            return subject.isEmpty() ? "unusual names" : subject;
        }
    }
}
