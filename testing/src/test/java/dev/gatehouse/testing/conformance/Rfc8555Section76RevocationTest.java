package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.KeyAlgorithm;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.6: Certificate Revocation")
class Rfc8555Section76RevocationTest extends AgainstServer {
    private final KeyPair key = KeyAlgorithm.EC_P256.generateKeyPair();

    private X509Certificate issued(String... names) {
        return Issuance.download(client, web.issue(client, key, names)).get(0);
    }

    private static Map<String, Object> payload(X509Certificate certificate) {
        try {
            return Map.of("certificate", Issuance.encode(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Reply revokeWith(KeyPair signing, X509Certificate certificate) {
        WireClient holder = WireClient.stranger(server, signing, "ES256");
        String url = holder.url("revokeCert");
        return holder.send(url, holder.withKey(url).payload(payload(certificate)));
    }

    @Test
    @DisplayName("The server MUST consider the account that issued the certificate authorized to revoke it")
    void theAccountRevokes() {
        X509Certificate certificate = issued("app.example.com");

        Reply revoked =
                client.post(client.url("revokeCert"), payload(certificate)).requireStatus(200);

        assertThat(revoked.body()).isEmpty();
        assertThat(server.revokedCertificates()).containsExactly(certificate);
    }

    @Test
    @DisplayName("... and an account that holds authorizations for all of the identifiers in the certificate")
    void anAccountWithAllAuthorizationsRevokes() {
        X509Certificate certificate = issued("a.example.com", "b.example.com");
        WireClient other = WireClient.registered(server);
        String url = other.url("revokeCert");
        other.post(url, payload(certificate)).requireProblem(403, "unauthorized");
        web.prove(other, other.newOrder("a.example.com"));
        other.post(url, payload(certificate)).requireProblem(403, "unauthorized");

        web.prove(other, other.newOrder("b.example.com"));

        other.post(url, payload(certificate)).requireStatus(200);
    }

    @Test
    @DisplayName("... and the private key corresponding to the public key in the certificate")
    void theCertificateKeyRevokes() {
        X509Certificate certificate = issued("app.example.com");

        revokeWith(KeyAlgorithm.EC_P256.generateKeyPair(), certificate).requireProblem(403, "unauthorized");
        revokeWith(key, certificate).requireStatus(200);
    }

    @Test
    @DisplayName("If the certificate has already been revoked, the server returns \"alreadyRevoked\" with status 400")
    void certificatesAreRevokedOnce() {
        X509Certificate certificate = issued("app.example.com");
        client.post(client.url("revokeCert"), payload(certificate));

        client.post(client.url("revokeCert"), payload(certificate)).requireProblem(400, "alreadyRevoked");
        revokeWith(key, certificate).requireProblem(400, "alreadyRevoked");
    }

    @Test
    @DisplayName("The server MAY disallow a subset of reasonCodes: it MUST reject with \"badRevocationReason\"")
    void reasonsOfCasAreRefused() {
        X509Certificate certificate = issued("app.example.com");
        Object encoded = payload(certificate).get("certificate");

        for (int reason : new int[] {2, 6, 7, 8, 9, 10, 99}) {
            client.post(client.url("revokeCert"), Map.of("certificate", encoded, "reason", reason))
                    .requireProblem(400, "badRevocationReason");
        }
        client.post(client.url("revokeCert"), Map.of("certificate", encoded, "reason", 4))
                .requireStatus(200);
    }

    @Test
    @DisplayName("The request is verified as any other, and is about a certificate of this server")
    void otherCertificatesAreRefused() {
        X509Certificate foreign =
                dev.gatehouse.testing.TestCa.create().issue("app.example.com").leaf();

        client.post(client.url("revokeCert"), payload(foreign)).requireProblem(404, "malformed");
        client.post(client.url("revokeCert"), Map.of("certificate", "AAAA")).requireProblem(400, "malformed");
        client.post(client.url("revokeCert"), Map.of("certificate", "AA==")).requireProblem(400, "malformed");
    }
}
