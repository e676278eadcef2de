package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Responses of an OCSP responder, stapled to the certificate. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GateStaplingTest {

    @Test
    void responseOfTheResponderIsStapled() throws Exception {
        TestCa ca = TestCa.create();
        CertificateIndex index = CertificateIndex.create();
        try (RevocationServer responder = RevocationServer.start(ca)) {
            index.add(ca.leaf("a.example").revocation(responder).issue());
            ServerTls tls = ServerTls.builder(index)
                    .provider("SunJSSE")
                    .stapleOcspResponses()
                    .build();
            try (GateServer server = GateServer.start(tls)) {
                String first = new OpenSslClient(server.port()).visit("a.example", "-status");
                responder.setAvailable(false);
                String second = new OpenSslClient(server.port()).visit("a.example", "-status");

                assertThat(first).contains("OCSP Response Status: successful", "Cert Status: good", "HTTP/1.1 200");
                assertThat(second).contains("OCSP Response Status: successful", "HTTP/1.1 200");
                assertThat(responder.ocspRequests()).isPositive();
            }
        }
    }
}
