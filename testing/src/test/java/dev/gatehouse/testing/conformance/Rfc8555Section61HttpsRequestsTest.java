package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.KeyAlgorithm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.1: HTTPS Requests")
class Rfc8555Section61HttpsRequestsTest extends AgainstServer {

    @Test
    @DisplayName("Each ACME function is accomplished by the client sending a sequence of HTTPS requests to the server")
    void eachFunctionIsAccomplishedByHttpsRequests() throws Exception {
        try (AcmeTestServer secure = AcmeTestServer.builder().https().start()) {
            HttpClient trusting =
                    HttpClient.newBuilder().sslContext(secure.ca().sslContext()).build();
            URI directory = secure.directoryUri();

            assertThat(directory).hasScheme("https");
            assertThat(trusting.send(HttpRequest.newBuilder(directory).build(), BodyHandlers.ofString())
                            .body())
                    .contains("\"newOrder\":\"https://");
        }
    }

    @Test
    @DisplayName("Binary fields are base64url: encoded values that include trailing '=' characters MUST be rejected")
    void paddedBase64urlIsRejected() {
        Reply order = web.prove(client, client.newOrder("app.example.com"));
        String csr = Issuance.csr(KeyAlgorithm.EC_P256.generateKeyPair(), "app.example.com");
        String padded = csr + "=".repeat((4 - csr.length() % 4) % 4);
        String spoilt = padded.equals(csr) ? csr + "====" : padded;

        client.post(order.text("finalize"), Map.of("csr", spoilt)).requireProblem(400, "malformed");
        client.post(order.text("finalize"), Map.of("csr", csr)).requireStatus(200);
    }
}
