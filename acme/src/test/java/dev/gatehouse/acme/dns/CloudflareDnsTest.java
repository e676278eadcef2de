package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and responses of the shapes that Cloudflare's API has. */
@Timeout(30)
class CloudflareDnsTest {

    private static final ChallengeRecord RECORD = Records.at("_acme-challenge.app.example.com");
    private static final String ZONE = "023e105f4ecef8ad9ca31a8372d0c353";
    private static final String RECORD_ID = "372e67954025e0ba6aaa6d586b9e0b59";

    private static final String NO_ZONES = """
            {"result": [], "result_info": {"page": 1, "per_page": 50, "total_pages": 0, "count": 0, "total_count": 0},
             "success": true, "errors": [], "messages": []}""";
    private static final String ONE_ZONE = """
            {"result": [{"id": "%s", "name": "example.com", "status": "active", "paused": false, "type": "full",
               "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
               "account": {"id": "01a7362d577a6c3019a474fd6f485823", "name": "Example"},
               "permissions": ["#dns_records:edit", "#zone:read"]}],
             "result_info": {"page": 1, "per_page": 50, "total_pages": 1, "count": 1, "total_count": 1},
             "success": true, "errors": [], "messages": []}""".formatted(ZONE);
    private static final String CREATED = """
            {"result": {"id": "%s", "name": "_acme-challenge.app.example.com", "type": "TXT", "content": "\\"%s\\"",
               "proxiable": false, "proxied": false, "ttl": 60, "settings": {}, "meta": {}, "comment": null, "tags": [],
               "created_on": "2026-06-01T12:00:00.000000Z", "modified_on": "2026-06-01T12:00:00.000000Z"},
             "success": true, "errors": [], "messages": []}""".formatted(RECORD_ID, RECORD.value());

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
    void theZoneIsFoundByItsNameAndTheRecordIsAdded() throws Exception {
        enqueue(200, NO_ZONES);
        enqueue(200, ONE_ZONE);
        enqueue(200, CREATED);

        cloudflare().present(RECORD);

        assertThat(take())
                .returns("GET", RecordedRequest::getMethod)
                .returns("/client/v4/zones?name=app.example.com&per_page=50", RecordedRequest::getTarget)
                .returns("Bearer the-token", request -> request.getHeaders().get("Authorization"));
        assertThat(take().getTarget()).isEqualTo("/client/v4/zones?name=example.com&per_page=50");
        RecordedRequest create = take();
        assertThat(create.getMethod()).isEqualTo("POST");
        assertThat(create.getTarget()).isEqualTo("/client/v4/zones/" + ZONE + "/dns_records");
        assertThat(create.getHeaders().get("Content-Type")).startsWith("application/json");
        assertThat(create.getBody().utf8())
                .isEqualTo("{\"type\":\"TXT\",\"name\":\"_acme-challenge.app.example.com\",\"content\":\"\\\""
                        + RECORD.value() + "\\\"\",\"ttl\":60}");
    }

    @Test
    void theZoneIsRememberedUntilACallFails() throws Exception {
        CloudflareDns cloudflare = cloudflare();
        enqueue(200, NO_ZONES);
        enqueue(200, ONE_ZONE);
        enqueue(200, CREATED);
        enqueue(200, CREATED);
        cloudflare.present(RECORD);
        cloudflare.present(RECORD);
        assertThat(server.getRequestCount()).isEqualTo(4);

        enqueue(404, error(7003, "Could not route to /zones/" + ZONE + ", perhaps your object identifier is invalid?"));
        assertThat(failure(() -> cloudflare.present(RECORD)).reason()).isEqualTo(Reason.REFUSED);
        enqueue(200, NO_ZONES);
        enqueue(200, ONE_ZONE);
        enqueue(200, CREATED);
        cloudflare.present(RECORD);
    }

    @Test
    void anActiveZoneIsPreferredToOneThatIsNotDelegatedYet() throws Exception {
        String both = ONE_ZONE.replace(
                "{\"result\": [",
                "{\"result\": [{\"id\": \"99999999999999999999999999999999\", \"status\": \"pending\"}, ");
        enqueue(200, NO_ZONES);
        enqueue(200, both);
        enqueue(200, CREATED);

        cloudflare().present(RECORD);

        take();
        take();
        assertThat(take().getTarget()).contains(ZONE);
    }

    @ParameterizedTest
    @CsvSource({"81058, An identical record already exists.", "81057, Record already exists."})
    void aRecordThatIsThereAlreadyIsNoFailure(int code, String message) throws Exception {
        enqueue(400, error(code, message));

        withZoneId().present(RECORD);

        assertThat(server.getRequestCount()).isOne();
    }

    @Test
    void onlyTheOwnValueIsRemovedFromAllPages() throws Exception {
        enqueue(200, page(1, 2, item("1".repeat(32), "\\\"another-value\\\"")));
        enqueue(
                200,
                page(
                        2,
                        2,
                        item(RECORD_ID, "\\\"" + RECORD.value() + "\\\"") + ","
                                + item("2".repeat(32), RECORD.value())));
        enqueue(
                200,
                "{\"result\": {\"id\": \"" + RECORD_ID + "\"}, \"success\": true, \"errors\": [], \"messages\": []}");
        enqueue(404, error(81044, "Record does not exist."));

        withZoneId().remove(RECORD);

        assertThat(take().getTarget())
                .isEqualTo("/client/v4/zones/" + ZONE
                        + "/dns_records?type=TXT&name=_acme-challenge.app.example.com&per_page=100&page=1");
        assertThat(take().getTarget()).endsWith("&page=2");
        assertThat(take())
                .returns("DELETE", RecordedRequest::getMethod)
                .returns("/client/v4/zones/" + ZONE + "/dns_records/" + RECORD_ID, RecordedRequest::getTarget);
        assertThat(take().getTarget()).endsWith("2".repeat(32));
    }

    @Test
    void aRecordThatIsGoneIsNoFailure() throws Exception {
        enqueue(200, page(1, 0, ""));

        withZoneId().remove(RECORD);

        assertThat(server.getRequestCount()).isOne();
    }

    @Test
    void anUnknownZoneIsExplained() {
        enqueue(200, NO_ZONES);
        enqueue(200, NO_ZONES);

        assertThat(failure(() -> cloudflare().present(RECORD)))
                .returns(Reason.ZONE, DnsProviderException::reason)
                .hasMessage("Cloudflare shows the API token no zone for _acme-challenge.app.example.com: asked for"
                        + " app.example.com, example.com. Add the zone to the account, or the zone to the token"
                        + " (Zone:Zone:Read), or set its id by zoneId(…).");
    }

    @ParameterizedTest
    @CsvSource({
        "403, 9109, Invalid access token",
        "401, 10000, Authentication error",
        "403, 9109, Cannot use the access token from location: 192.0.2.1"
    })
    void aTokenThatIsRefusedIsExplainedWithoutShowingIt(int status, int code, String message) {
        enqueue(status, error(code, message));

        assertThat(failure(() -> withZoneId().present(RECORD)))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessageContaining("with status " + status + " and error " + code + " \"" + message
                        + "\". Give the API" + " token the permissions Zone:DNS:Edit and Zone:Zone:Read")
                .hasMessageNotContaining("the-token");
    }

    @Test
    void theChainOfErrorsIsShown() {
        enqueue(400, """
                {"success": false, "errors": [{"code": 6003, "message": "Invalid request headers",
                   "error_chain": [{"code": 6111, "message": "Invalid format for Authorization header"}]}],
                 "messages": [], "result": null}""");

        assertThat(failure(() -> withZoneId().present(RECORD)))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessageContaining("error 6003 \"Invalid request headers\", error 6111 \"Invalid format");
    }

    @Test
    void theRateLimitSaysWhenToComeBack() {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "37")
                .body(error(971, "Please wait and consider throttling your request speed"))
                .build());

        assertThat(failure(() -> withZoneId().present(RECORD)))
                .returns(Reason.RATE_LIMIT, DnsProviderException::reason)
                .returns(true, DnsProviderException::isTemporary)
                .extracting(failure -> failure.retryAfter().orElseThrow())
                .isEqualTo(Duration.ofSeconds(37));
    }

    @Test
    void aRetryAfterDateIsTakenRelativeToTheServersClock() {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Date", "Mon, 01 Jun 2020 12:00:00 GMT")
                .addHeader("Retry-After", "Mon, 01 Jun 2020 12:01:30 GMT")
                .body("{}")
                .build());

        assertThat(failure(() -> withZoneId().present(RECORD)).retryAfter()).contains(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource({"502, <html>Bad gateway</html>", "500, ''", "200, <html>captive portal</html>"})
    void whatIsNoAnswerOfTheApiMayPass(int status, String body) {
        enqueue(status, body);

        assertThat(failure(() -> withZoneId().present(RECORD)))
                .returns(Reason.UNAVAILABLE, DnsProviderException::reason)
                .hasMessageContaining("status " + status + " and " + (body.isEmpty() ? "no text" : "\"" + body + "\""));
    }

    @Test
    void otherRefusalsAreQuoted() {
        enqueue(400, error(9005, "Content for TXT record is invalid."));

        assertThat(failure(() -> withZoneId().present(RECORD)))
                .returns(Reason.REFUSED, DnsProviderException::reason)
                .hasMessageContaining("error 9005 \"Content for TXT record is invalid.\"");
    }

    @Test
    void silenceAndBrokenConnectionsMayPass() {
        server.enqueue(new MockResponse.Builder()
                .onRequestStart(SocketEffect.Stall.INSTANCE)
                .build());
        assertThat(failure(() -> withZoneId().timeout(Duration.ofMillis(200)).present(RECORD)))
                .returns(Reason.UNAVAILABLE, DnsProviderException::reason)
                .hasMessage("Cloudflare's API did not answer within 200 ms. Check it, or set a longer time-out.");

        URI nobody = server.url("/").uri();
        server.close();
        assertThat(failure(() -> withZoneId().endpoint(nobody).present(RECORD)))
                .hasMessageStartingWith("Cloudflare's API cannot be reached (");
    }

    @Test
    void anEndlessResponseIsNotRead() {
        enqueue(200, "x".repeat(3 * 1024 * 1024));

        assertThat(failure(() -> withZoneId().present(RECORD))).hasMessageContaining("longer than 2097152 bytes");
    }

    @Test
    void whatCannotBeATokenIsRefusedAtOnceWithoutShowingIt() {
        for (String token : List.of("", "with space", "line\n", "Bearer x y")) {
            assertThatThrownBy(() -> CloudflareDns.withApiToken(token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The Cloudflare API token ")
                    .hasMessageEndingWith("Set it as Cloudflare shows it, without 'Bearer'.");
        }
        assertThatThrownBy(() -> cloudflare().zoneId("example.com", "abc"))
                .hasMessageContaining("32 hexadecimal digits");
        assertThatThrownBy(() -> withZoneId().zoneId("example.com", ZONE))
                .hasMessageContaining("has a Cloudflare id already");
        assertThat(cloudflare()).hasToString("Cloudflare");
    }

    @Test
    void aTokenThatChangesIsReadWithEachRequest() throws Exception {
        List<String> tokens = new java.util.ArrayList<>(List.of("first", "second"));
        CloudflareDns cloudflare = CloudflareDns.withApiToken(() -> tokens.remove(0))
                .endpoint(server.url("/client/v4").uri())
                .zoneId("example.com", ZONE);
        enqueue(200, CREATED);
        enqueue(200, CREATED);

        cloudflare.present(RECORD);
        cloudflare.present(RECORD);

        assertThat(take().getHeaders().get("Authorization")).isEqualTo("Bearer first");
        assertThat(take().getHeaders().get("Authorization")).isEqualTo("Bearer second");
        assertThat(failure(() -> CloudflareDns.withApiToken(() -> "").present(RECORD)))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessageContaining("token is empty");
    }

    private CloudflareDns cloudflare() {
        return CloudflareDns.withApiToken("the-token")
                .endpoint(server.url("/client/v4").uri());
    }

    private CloudflareDns withZoneId() {
        return cloudflare().zoneId("example.com", ZONE);
    }

    private void enqueue(int status, String body) {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
    }

    private RecordedRequest take() throws InterruptedException {
        return server.takeRequest();
    }

    private static String error(int code, String message) {
        return "{\"success\": false, \"errors\": [{\"code\": " + code + ", \"message\": \"" + message
                + "\"}], \"messages\": [], \"result\": null}";
    }

    private static String item(String id, String content) {
        return "{\"id\": \"" + id
                + "\", \"name\": \"_acme-challenge.app.example.com\", \"type\": \"TXT\", \"content\": \"" + content
                + "\", \"ttl\": 60}";
    }

    private static String page(int page, int pages, String items) {
        return "{\"result\": [" + items + "], \"result_info\": {\"page\": " + page
                + ", \"per_page\": 100, \"total_pages\": " + pages
                + "}, \"success\": true, \"errors\": [], \"messages\": []}";
    }

    private static DnsProviderException failure(ThrowingCallable call) {
        return catchThrowableOfType(DnsProviderException.class, call);
    }
}
