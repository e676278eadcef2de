package dev.gatehouse.tls.internal.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.tls.CredentialException;
import dev.gatehouse.tls.internal.der.EncodedCertificate.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedCertificateTest {

    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("root")
            .certificateAuthority(0)
            .build();

    @Test
    void whatItTellsIsWhatTheJvmTells() throws Exception {
        HeldCertificate held = new HeldCertificate.Builder()
                .commonName("app")
                .serialNumber(255)
                .addSubjectAlternativeName("App.example.com")
                .addSubjectAlternativeName("192.0.2.1")
                .signedBy(ROOT)
                .build();
        byte[] der = held.certificate().getEncoded();

        EncodedCertificate read = EncodedCertificate.of(der);

        assertThat(read.subjectAlternativeNames()).containsExactly("App.example.com", "192.0.2.1");
        assertThat(read.issuer()).isEqualTo(held.certificate().getIssuerX500Principal());
        assertThat(read.serialNumber()).containsExactly(0, 255);
        assertThat(read.describe()).isEqualTo("'CN=app' (serial ff)");
        assertThat(read).hasToString("certificate 'CN=app'").isEqualTo(EncodedCertificate.of(der.clone()));
        assertThat(read.isAuthority()).isFalse();
        EncodedCertificate root = EncodedCertificate.of(ROOT.certificate());
        assertThat(root.isAuthority()).isTrue();
        assertThat(root.isSelfIssued()).isTrue();
        assertThat(read.linkTo(root)).isNotEqualTo(Link.NONE);
        assertThat(root.linkTo(read)).isEqualTo(Link.NONE);
        assertThat(EncodedPrivateKey.of(held.keyPair().getPrivate().getEncoded())
                        .publicKey())
                .isEqualTo(read.publicKey())
                .isNotEqualTo(root.publicKey());
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2000-02-29T12:34:56Z",
        "2049-12-31T23:59:59Z",
        "2050-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    })
    void timesAreReadInBothForms(Instant notAfter) {
        HeldCertificate held = new HeldCertificate.Builder()
                .validityInterval(notAfter.minus(Duration.ofDays(365)).toEpochMilli(), notAfter.toEpochMilli())
                .build();

        EncodedCertificate read = EncodedCertificate.of(held.certificate());

        assertThat(read.notAfterMillis()).isEqualTo(notAfter.toEpochMilli());
        assertThat(read.notBeforeMillis())
                .isEqualTo(held.certificate().getNotBefore().getTime());
    }

    @Test
    void anExtensionThatIsThereTwiceIsRefused() throws Exception {
        byte[] der = new HeldCertificate.Builder()
                .addSubjectAlternativeName("app.example.com")
                .build()
                .certificate()
                .getEncoded();
        byte[] oid = {6, 3, 0x55, 0x1d, 0x11};
        int names = new String(der, StandardCharsets.ISO_8859_1).indexOf(new String(oid, StandardCharsets.ISO_8859_1));
        byte[] extension = Arrays.copyOfRange(der, names - 2, names + der[names - 1]);
        byte[] twice = DerWriter.element(DerReader.SEQUENCE, extension, extension);

        assertThatThrownBy(() -> CertificateExtensions.of(DerReader.of(twice).enter(DerReader.SEQUENCE)))
                .isInstanceOf(CredentialException.class)
                .hasMessage("It has an extension twice.");
    }

    @Test
    void bytesBehindTheCertificateAreRefusedUnlessTheyAreExpected() throws Exception {
        byte[] der = ROOT.certificate().getEncoded();
        byte[] longer = Arrays.copyOf(der, der.length + 1);

        assertThatThrownBy(() -> EncodedCertificate.of(longer))
                .isInstanceOf(CredentialException.class)
                .hasMessageStartingWith("A certificate is malformed: ");
        assertThat(EncodedCertificate.leading(longer).encoded()).isEqualTo(der);
    }
}
