package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServerBuilder;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.Test;

/** Certificates as those of public CAs (RFC 5280, and the baseline requirements). */
class CertificatesTest extends AgainstServer {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.clock(InstantSource.fixed(NOW)).certificateLifetime(Duration.ofMinutes(5));
    }

    private X509Certificate leaf() {
        return Issuance.download(client, web.issue(client, "app.example.com")).get(0);
    }

    private static byte[] value(X509Certificate certificate, String extension) {
        return ASN1OctetString.getInstance(certificate.getExtensionValue(extension))
                .getOctets();
    }

    @Test
    void lookLikeThoseOfAPublicCa() throws Exception {
        X509Certificate leaf = leaf();
        X509Certificate issuer = server.ca().intermediateCertificate();

        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "app.example.com"));
        assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.17");
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getSerialNumber().bitLength()).isGreaterThanOrEqualTo(64);
        assertThat(leaf.getIssuerX500Principal()).isEqualTo(issuer.getSubjectX500Principal());
        assertThat(AuthorityKeyIdentifier.getInstance(value(leaf, "2.5.29.35")).getKeyIdentifierOctets())
                .isEqualTo(SubjectKeyIdentifier.getInstance(value(issuer, "2.5.29.14"))
                        .getKeyIdentifier());
        assertThat(issuer.getBasicConstraints()).isZero();
        assertThat(leaf.getSerialNumber()).isNotEqualTo(leaf().getSerialNumber());
    }

    @Test
    void tellWhereTheirIssuerIs() throws Exception {
        AccessDescription access = AuthorityInformationAccess.getInstance(value(leaf(), "1.3.6.1.5.5.7.1.1"))
                .getAccessDescriptions()[0];
        assertThat(access.getAccessMethod()).isEqualTo(AccessDescription.id_ad_caIssuers);

        HttpResponse<byte[]> issuer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        access.getAccessLocation().getName().toString()))
                                .build(),
                        BodyHandlers.ofByteArray());

        assertThat(issuer.headers().firstValue("Content-Type")).hasValue("application/pkix-cert");
        assertThat(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(issuer.body())))
                .isEqualTo(server.ca().intermediateCertificate());
    }

    @Test
    void lastForMinutesByAClockThatTheTestMoves() {
        X509Certificate first = leaf();
        server.moveClock(Duration.ofDays(400));
        X509Certificate later = leaf();

        assertThat(first.getNotBefore().toInstant()).isEqualTo(NOW);
        assertThat(first.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
        assertThat(later.getNotBefore().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(400)));
        assertThat(server.now()).isEqualTo(NOW.plus(Duration.ofDays(400)));
    }
}
