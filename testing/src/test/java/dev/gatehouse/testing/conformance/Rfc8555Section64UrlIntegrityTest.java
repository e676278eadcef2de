package dev.gatehouse.testing.conformance;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.4: Request URL Integrity")
class Rfc8555Section64UrlIntegrityTest extends AgainstServer {

    @Test
    @DisplayName("If the two do not match, then the server MUST reject the request as unauthorized")
    void anotherUrlIsUnauthorized() {
        String url = client.url("newOrder");
        Map<String, Object> payload = Map.of("identifiers", WireClient.identifiers("app.example.com"));

        client.send(url, client.withAccount(url).payload(payload).with("url", client.url("keyChange")))
                .requireProblem(401, "unauthorized");
        client.send(url, client.withAccount(url).payload(payload).with("url", url + "?"))
                .requireProblem(401, "unauthorized");
    }

    @Test
    @DisplayName("The value of the \"url\" header parameter MUST be a string representing the target URL")
    void aUrlThatIsNoStringIsMalformed() {
        String url = client.url("newOrder");

        client.send(url, client.withAccount(url).payload(Map.of()).with("url", 7))
                .requireProblem(400, "malformed");
    }
}
