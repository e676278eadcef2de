package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocation information that the server fetches for its clients. */
@Timeout(60)
class GateStaplingTest {

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void ocspResponseIsStapled(String version) throws Exception {
        TestCa ca = TestCa.create();
        CertificateIndex index = CertificateIndex.create();
        try (RevocationServer responder = RevocationServer.start(ca)) {
            index.add(ca.leaf("a.example").revocation(responder).issue());
            ServerTls tls = ServerTls.builder(index).stapleOcspResponses().build();
            try (GateServer server = GateServer.start(tls)) {
                await().untilAsserted(() -> assertThat(OpenSsl.request(server.port(), "a.example", version, "-status"))
                        .contains("OCSP Response Status: successful", "Cert Status: good"));
                assertThat(responder.ocspRequests()).isPositive();
            }
        }
    }
}
