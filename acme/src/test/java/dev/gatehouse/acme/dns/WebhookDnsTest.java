package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests of lego's httpreq provider. */
@Timeout(30)
class WebhookDnsTest {

    private static final ChallengeRecord RECORD = Records.at("_acme-challenge.app.example.com");

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theRecordIsSent() throws Exception {
        enqueue(200, "");
        enqueue(204, "");
        WebhookDns webhook = WebhookDns.at(server.url("/dns/").uri());

        webhook.present(RECORD);
        webhook.remove(RECORD);

        String body = "{\"fqdn\":\"_acme-challenge.app.example.com.\",\"value\":\"" + RECORD.value() + "\"}";
        assertThat(server.takeRequest())
                .returns("POST", RecordedRequest::getMethod)
                .returns("/dns/present", RecordedRequest::getTarget)
                .returns("application/json", request -> request.getHeaders().get("Content-Type"))
                .returns(null, request -> request.getHeaders().get("Authorization"))
                .returns(body, request -> request.getBody().utf8());
        assertThat(server.takeRequest())
                .returns("/dns/cleanup", RecordedRequest::getTarget)
                .returns(body, request -> request.getBody().utf8());
    }

    @Test
    void inRawModeTheChallengeIsSentWithCredentials() throws Exception {
        enqueue(200, "");

        WebhookDns.at(server.url("/").uri())
                .raw()
                .basicAuthentication("user", "pass:word")
                .present(RECORD);

        assertThat(server.takeRequest())
                .returns("/present", RecordedRequest::getTarget)
                .returns(
                        "Basic dXNlcjpwYXNzOndvcmQ=",
                        request -> request.getHeaders().get("Authorization"))
                .returns(
                        "{\"domain\":\"app.example.com\",\"token\":\"token1\",\"keyAuth\":\"token1.thumbprint\"}",
                        request -> request.getBody().utf8());
    }

    @ParameterizedTest
    @CsvSource({
        "401, CREDENTIALS, Check the user and the password.",
        "403, CREDENTIALS, Check the user and the password.",
        "404, REFUSED, Set the endpoint to the address before /present and /cleanup.",
        "302, REFUSED, Set the endpoint to the address before /present and /cleanup.",
        "422, REFUSED, Look into its log.",
        "429, RATE_LIMIT, It is called too often.",
        "500, UNAVAILABLE, Look into its log.",
        "503, UNAVAILABLE, Look into its log."
    })
    void eachStatusIsExplained(int status, Reason reason, String remedy) {
        enqueue(status, "no such\nzone");
        URI endpoint = server.url("/dns").uri();

        DnsProviderException failure = catchThrowableOfType(
                DnsProviderException.class, () -> WebhookDns.at(endpoint).present(RECORD));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure)
                .hasMessage("DNS webhook " + endpoint + " answered " + status + " to /present with \"no such zone\". "
                        + remedy);
    }

    @Test
    void aRetryAfterIsHandedOn() {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "5")
                .build());

        DnsProviderException failure = catchThrowableOfType(
                DnsProviderException.class,
                () -> WebhookDns.at(server.url("/").uri()).present(RECORD));

        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(5));
    }

    @Test
    void aServiceThatStopsInTheMiddleIsNotWaitedForForEver() {
        server.enqueue(new MockResponse.Builder()
                .body("partial")
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());

        DnsProviderException failure = catchThrowableOfType(
                DnsProviderException.class,
                () -> WebhookDns.at(server.url("/").uri())
                        .timeout(Duration.ofMillis(300))
                        .present(RECORD));

        assertThat(failure).hasMessageContaining("did not answer within 300 ms");
    }

    @ParameterizedTest
    @CsvSource({"ftp://host/", "/relative", "https://user:secret@host/", "https://host/?a=b", "https://host/#f"})
    void endpointsThatAreNoneAreRefused(String endpoint) {
        assertThatThrownBy(() -> WebhookDns.at(URI.create(endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Webhook endpoint ")
                .hasMessageNotContaining("secret");
    }

    private void enqueue(int status, String body) {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
    }
}
