package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CRLReason;
import java.security.cert.X509CRL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.RevocationReason;

@Timeout(60)
class AcmeRevocationTest {
    private static final String NAME = "app.example.com";
    private final TestCa ca = TestCa.create();

    @Test
    void whatIsRevokedByAcmeIsOnTheListThatTheCertificateNames() throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca);
                Http01Responder responder = new Http01Responder();
                AcmeTestServer server = AcmeTestServer.builder()
                        .revocation(revocation)
                        .http01Port(responder.port())
                        .start()) {
            Certificate certificate = Acme4jClient.register(server, responder).issue(NAME);
            assertThat(certificate.getCertificateChain())
                    .containsExactly(certificate.getCertificate(), revocation.intermediateCertificate());
            assertThat(certificate.getCertificate().toString())
                    .contains(revocation.ocspUri().toString());

            certificate.revoke(RevocationReason.SUPERSEDED);

            X509CRL list = Crls.fetch(revocation.crlUri());
            assertThat(list.getRevokedCertificate(certificate.getCertificate()).getRevocationReason())
                    .isEqualTo(CRLReason.SUPERSEDED);
            assertThat(ca.isRevoked(certificate.getCertificate())).isTrue();
        }
    }

    @Test
    void whatTheCaRevokedIsRevokedAlready() throws Exception {
        try (Http01Responder responder = new Http01Responder();
                AcmeTestServer server = AcmeTestServer.builder()
                        .ca(ca)
                        .http01Port(responder.port())
                        .start()) {
            Certificate certificate = Acme4jClient.register(server, responder).issue(NAME);
            ca.revoke(certificate.getCertificate());

            assertThatThrownBy(certificate::revoke).hasMessageContaining("revoked already");
        }
    }

    @Test
    void theRevocationServerHasToBeOfTheSameCa() {
        try (RevocationServer other = RevocationServer.start(TestCa.create())) {
            assertThatThrownBy(() ->
                            AcmeTestServer.builder().ca(ca).revocation(other).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is another CA's");
        }
    }
}
