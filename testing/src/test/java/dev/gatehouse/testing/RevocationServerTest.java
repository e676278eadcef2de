package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.tools.SystemTool;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLReason;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RevocationServerTest {
    private static final String NAME = "app.example.com";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final TestCa ca = TestCa.create();

    /** What the JDK is told to ask, and who signs. */
    @ParameterizedTest
    @CsvSource({
        "true, false, EC_P256",
        "true, true, EC_P256",
        "false, false, EC_P256",
        "true, true, RSA_2048",
        "false, false, RSA_2048",
        "true, false, ED25519",
        "false, false, ED25519"
    })
    void theJdkAcceptsTheGoodAndRefusesTheRevokedOnTheWholePath(boolean ocsp, boolean delegated, KeyAlgorithm algorithm)
            throws Exception {
        TestCa issuer = TestCa.builder().keyAlgorithm(algorithm).build();
        try (RevocationServer revocation = start(issuer, delegated)) {
            Credential good = issuer.leaf(NAME).revocation(revocation).issue();
            Credential bad = issuer.leaf(NAME).revocation(revocation).issue();
            issuer.revoke(bad.leaf(), CRLReason.KEY_COMPROMISE);

            assertThatCode(() -> validate(issuer, good.chain(), ocsp)).doesNotThrowAnyException();
            assertThatThrownBy(() -> validate(issuer, bad.chain(), ocsp))
                    .isInstanceOf(CertPathValidatorException.class)
                    .cause()
                    .isInstanceOfSatisfying(CertificateRevokedException.class, refusal -> {
                        assertThat(refusal.getRevocationReason()).isEqualTo(CRLReason.KEY_COMPROMISE);
                        assertThat(refusal.getRevocationDate().toInstant())
                                .isBetween(Instant.now().minusSeconds(60), Instant.now());
                    });
            assertThat(ocsp ? revocation.ocspRequests() : revocation.crlRequests())
                    .isPositive();
            assertThat(ocsp ? revocation.crlRequests() : revocation.ocspRequests())
                    .isZero();

            issuer.revoke(revocation.intermediateCertificate(), CRLReason.CA_COMPROMISE);
            assertThatThrownBy(() -> validate(issuer, good.chain(), ocsp))
                    .isInstanceOfSatisfying(
                            CertPathValidatorException.class,
                            refusal -> assertThat(refusal.getIndex()).isEqualTo(1));
        }
    }

    private static RevocationServer start(TestCa issuer, boolean delegated) {
        RevocationServer.Builder builder = RevocationServer.builder(issuer);
        return delegated ? builder.delegated().start() : builder.start();
    }

    private static void validate(TestCa ca, List<X509Certificate> chain, boolean ocsp) throws GeneralSecurityException {
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(
                ocsp
                        ? EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK)
                        : EnumSet.of(
                                PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        PKIXParameters parameters = new PKIXParameters(ca.trustStore());
        parameters.addCertPathChecker(checker);
        parameters.setRevocationEnabled(true);
        if (!ocsp) {
            // The JDK fetches lists itself only with a system property of its own; here the test fetches them.
            parameters.addCertStore(Crls.of(chain));
        }
        validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    }

    @Test
    void tellsGoodRevokedAndUnknownByPostAndByGet() throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            Credential good = ca.leaf(NAME).revocation(revocation).issue();
            CertificateMaterial revoked = ca.broken(NAME).revoked(revocation);
            Credential forgotten = ca.leaf(NAME).revocation(revocation).issue();
            revocation.forget(forgotten.leaf());

            for (boolean get : List.of(false, true)) {
                assertThat(ask(revocation, good.leaf(), get).status()).isEqualTo(OcspStaple.Status.GOOD);
                assertThat(ask(revocation, revoked.chain().get(0), get).status())
                        .isEqualTo(OcspStaple.Status.REVOKED);
                assertThat(ask(revocation, forgotten.leaf(), get).status()).isEqualTo(OcspStaple.Status.UNKNOWN);
            }
            assertThat(revocation.ocspRequests()).isEqualTo(6);
        }
    }

    private OcspStaple ask(RevocationServer revocation, X509Certificate certificate, boolean get) throws Exception {
        return OcspStaple.of(
                send(revocation, request(certificate, null).getEncoded(), get).getEncoded());
    }

    private OCSPReq request(X509Certificate certificate, byte[] nonce) throws Exception {
        OCSPReqBuilder builder = new OCSPReqBuilder()
                .addRequest(new CertificateID(
                        new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                        new JcaX509CertificateHolder(ca.intermediateCertificate()),
                        certificate.getSerialNumber()));
        if (nonce != null) {
            builder.setRequestExtensions(new Extensions(
                    Extension.create(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce))));
        }
        return builder.build();
    }

    private static OCSPResp send(RevocationServer revocation, byte[] request, boolean get) throws Exception {
        String base64 = Base64.getEncoder().encodeToString(request);
        HttpRequest http = get
                ? HttpRequest.newBuilder(URI.create(
                                revocation.ocspUri() + "/" + URLEncoder.encode(base64, StandardCharsets.US_ASCII)))
                        .build()
                : HttpRequest.newBuilder(revocation.ocspUri())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                        .build();
        HttpResponse<byte[]> response = HTTP.send(http, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/ocsp-response");
        return new OCSPResp(response.body());
    }

    @Test
    void echoesTheNonceAndRefusesOneThatIsTooLong() throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            X509Certificate leaf = ca.issue(NAME).leaf();
            byte[] nonce = {1, 2, 3, 4, 5, 6, 7, 8};

            OCSPResp answer = send(revocation, request(leaf, nonce).getEncoded(), false);
            BasicOCSPResp basic = (BasicOCSPResp) answer.getResponseObject();
            assertThat(basic.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)
                            .getExtnValue()
                            .getOctets())
                    .isEqualTo(new DEROctetString(nonce).getEncoded());
            assertThat(send(revocation, request(leaf, new byte[129]).getEncoded(), false)
                            .getStatus())
                    .isEqualTo(OCSPRespBuilder.MALFORMED_REQUEST);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesWhatItCannotReadAndTheCertificatesOfOthers(boolean get) throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca);
                RevocationServer other = RevocationServer.start(TestCa.create())) {
            byte[] sound = request(ca.issue(NAME).leaf(), null).getEncoded();

            assertThat(send(revocation, new byte[] {1, 2, 3}, get).getStatus())
                    .isEqualTo(OCSPRespBuilder.MALFORMED_REQUEST);
            assertThat(send(other, sound, get).getStatus()).isEqualTo(OCSPRespBuilder.UNAUTHORIZED);
        }
    }

    @Test
    void isOutOfOrderOnDemand() throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            byte[] request = request(ca.issue(NAME).leaf(), null).getEncoded();

            revocation.setAvailable(false);
            assertThat(send(revocation, request, false).getStatus()).isEqualTo(OCSPRespBuilder.TRY_LATER);
            assertThat(status(revocation.crlUri())).isEqualTo(503);

            revocation.setAvailable(true);
            assertThat(send(revocation, request, false).getStatus()).isEqualTo(OCSPRespBuilder.SUCCESSFUL);
            assertThat(status(revocation.crlUri())).isEqualTo(200);
            assertThat(status(revocation.crlUri().resolve("/other.crl"))).isEqualTo(404);
        }
    }

    private static int status(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void responsesAndListsAreDatedByTheClock() throws Exception {
        MovableClock clock = new MovableClock(Instant.parse("2031-05-06T07:08:09Z"));
        TestCa later = TestCa.builder().clock(clock).build();
        try (RevocationServer revocation = RevocationServer.builder(later)
                .updateInterval(Duration.ofDays(4))
                .start()) {
            X509Certificate leaf =
                    later.leaf(NAME).revocation(revocation).issue().leaf();
            clock.advance(Duration.ofDays(1));
            later.revoke(leaf);
            clock.advance(Duration.ofDays(1));

            X509CRL list = Crls.fetch(revocation.crlUri());
            assertThat(list.getThisUpdate()).isEqualTo("2031-05-08T07:08:09Z");
            assertThat(list.getNextUpdate()).isEqualTo("2031-05-12T07:08:09Z");
            assertThat(list.getRevokedCertificate(leaf).getRevocationDate()).isEqualTo("2031-05-07T07:08:09Z");
            assertThat(list.getRevokedCertificate(leaf).getRevocationReason()).isNull();
            list.verify(later.intermediateCertificate().getPublicKey());
        }
    }

    @Test
    void certificatesNameTheAddresses() throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            List<X509Certificate> chain =
                    ca.leaf(NAME).revocation(revocation).mustStaple().issue().chain();

            assertThat(chain.get(1)).isEqualTo(revocation.intermediateCertificate());
            assertThat(chain.get(1).getPublicKey())
                    .isEqualTo(ca.intermediateCertificate().getPublicKey());
            assertThat(chain.get(0).toString())
                    .contains("URIName: " + revocation.ocspUri())
                    .contains("URIName: " + revocation.crlUri())
                    .contains("URIName: " + revocation.caIssuersUri());
            assertThat(chain.get(0).getExtensionValue("1.3.6.1.5.5.7.1.24"))
                    .as("TLS feature: status_request")
                    .isEqualTo(new byte[] {4, 5, 0x30, 3, 2, 1, 5});
            assertThat(HTTP.send(
                                    HttpRequest.newBuilder(revocation.caIssuersUri())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(ca.intermediateCertificate().getEncoded());
            X509Certificate elsewhere = ca.leaf(NAME)
                    .ocsp(URI.create("http://127.0.0.1:9/ocsp"))
                    .crl(URI.create("http://127.0.0.1:9/list.crl"))
                    .issue()
                    .leaf();
            assertThat(elsewhere.toString())
                    .contains("http://127.0.0.1:9/ocsp")
                    .contains("http://127.0.0.1:9/list.crl");
        }
    }

    /** The module's tests run with jdk.tls.server.enableStatusRequestExtension=true. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void serversOfTheJdkStapleItsResponses(String protocol) throws Exception {
        try (RevocationServer revocation =
                RevocationServer.builder(ca).delegated().start()) {
            Credential good = ca.leaf(NAME).revocation(revocation).mustStaple().issue();
            for (CertificateMaterial material :
                    List.of(CertificateMaterial.of(good), ca.broken(NAME).revoked(revocation))) {
                OcspStaple.Status expected =
                        ca.isRevoked(material.chain().get(0)) ? OcspStaple.Status.REVOKED : OcspStaple.Status.GOOD;
                try (TlsTestServer server = TlsTestServer.start(material)) {
                    TlsProbeResult result = TlsProbe.builder()
                            .serverName(NAME)
                            .protocols(protocol)
                            .trustEverything()
                            .build()
                            .probe(server.address());
                    result.requireStaple(expected);
                    HelloProbe.builder()
                            .serverName(NAME)
                            .protocols(protocol)
                            .build()
                            .probe(server.address())
                            .requireStaple(expected);
                    assertThat(result.staples().get(0).nextUpdate().orElseThrow())
                            .isAfter(Instant.now());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void opensslAgreesOnOcsp(boolean delegated, @TempDir Path folder) throws Exception {
        SystemTool openssl = SystemTool.named("openssl");
        try (RevocationServer revocation = start(ca, delegated)) {
            write(folder, revocation);
            for (boolean revoked : List.of(false, true)) {
                CertificateMaterial material = revoked
                        ? ca.broken(NAME).revoked(revocation)
                        : ca.leaf(NAME).revocation(revocation).material();
                Files.writeString(
                        folder.resolve("leaf.pem"), Pem.encode(material.chain().subList(0, 1)));

                String answer = openssl.run(
                        folder,
                        "ocsp",
                        "-issuer",
                        "intermediate.pem",
                        "-cert",
                        "leaf.pem",
                        "-url",
                        revocation.ocspUri().toString(),
                        "-CAfile",
                        "root.pem",
                        "-verify_other",
                        "intermediate.pem");

                assertThat(answer)
                        .contains("Response verify OK")
                        .contains(revoked ? "leaf.pem: revoked" : "leaf.pem: good")
                        .doesNotContain("WARNING");
                if (revoked) {
                    assertThat(answer).contains("Reason: keyCompromise");
                }
            }
        }
    }

    @Test
    void opensslAgreesOnRevocationLists(@TempDir Path folder) throws Exception {
        SystemTool openssl = SystemTool.named("openssl");
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            write(folder, revocation);
            for (boolean revoked : List.of(false, true)) {
                CertificateMaterial material = revoked
                        ? ca.broken(NAME).revoked(revocation)
                        : ca.leaf(NAME).revocation(revocation).material();
                Files.writeString(
                        folder.resolve("leaf.pem"), Pem.encode(material.chain().subList(0, 1)));

                String answer = openssl.run(
                        folder,
                        "verify",
                        "-crl_check",
                        "-crl_download",
                        "-CAfile",
                        "root.pem",
                        "-untrusted",
                        "intermediate.pem",
                        "leaf.pem");

                assertThat(answer).contains(revoked ? "certificate revoked" : "leaf.pem: OK");
            }
        }
    }

    private void write(Path folder, RevocationServer revocation) throws IOException {
        Files.writeString(folder.resolve("root.pem"), ca.rootPem());
        Files.writeString(
                folder.resolve("intermediate.pem"), Pem.encode(List.of(revocation.intermediateCertificate())));
    }

    @ParameterizedTest
    @EnumSource(
            value = CRLReason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNUSED", "REMOVE_FROM_CRL", "UNSPECIFIED"})
    void listsGiveTheReason(CRLReason reason) throws Exception {
        try (RevocationServer revocation = RevocationServer.start(ca)) {
            X509Certificate leaf = ca.issue(NAME).leaf();
            ca.revoke(leaf, reason);

            assertThat(Crls.fetch(revocation.crlUri())
                            .getRevokedCertificate(leaf)
                            .getRevocationReason())
                    .isEqualTo(reason);
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        X509Certificate leaf = ca.issue(NAME).leaf();
        X509Certificate foreign = TestCa.create().issue(NAME).leaf();
        ca.revoke(leaf);

        assertThat(ca.isRevoked(leaf)).isTrue();
        assertThat(ca.isRevoked(foreign)).isFalse();
        assertThatThrownBy(() -> ca.revoke(leaf)).hasMessageContaining("was revoked already");
        assertThatThrownBy(() -> ca.revoke(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was not issued by this CA");
        assertThatThrownBy(() -> ca.revoke(ca.issue(NAME).leaf(), CRLReason.REMOVE_FROM_CRL))
                .hasMessageContaining("revokes nothing");
        try (RevocationServer other = RevocationServer.start(TestCa.create())) {
            assertThatThrownBy(() -> ca.leaf(NAME).revocation(other)).hasMessageContaining("is another CA's");
            assertThatThrownBy(() -> ca.leaf(NAME).ocsp(other.ocspUri()).revocation(other))
                    .hasMessageContaining("ocsp was already set");
        }
    }
}
