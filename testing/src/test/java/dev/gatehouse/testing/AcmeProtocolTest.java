package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a strict CA refuses, request by request. */
@Timeout(60)
class AcmeProtocolTest {
    private static final Map<String, Object> ORDER =
            Map.of("identifiers", List.of(Map.of("type", "dns", "value", "app.example.com")));

    private AcmeTestServer server;
    private RawAcmeClient client;
    private ListAppender<ILoggingEvent> log;

    @BeforeEach
    void start() {
        log = new ListAppender<>();
        log.start();
        logger().addAppender(log);
        server = AcmeTestServer.start();
        client = RawAcmeClient.es256(server);
    }

    @AfterEach
    void stop() {
        server.close();
        logger().detachAppender(log);
    }

    @Test
    void directoryListsTheResourcesAndTheTerms() throws Exception {
        HttpResponse<String> response = client.send("GET", "/directory");

        Map<String, Object> directory = JsonUtil.parseJson(response.body());
        assertThat(directory)
                .containsEntry("newNonce", client.url("/new-nonce"))
                .containsEntry("newAccount", client.url("/new-account"))
                .containsEntry("newOrder", client.url("/new-order"));
        assertThat(directory.get("meta")).asString().contains(client.url("/terms-of-service"));
        assertThat(client.send("GET", "/terms-of-service").body()).contains("for tests");
    }

    @Test
    void newNonceAnswersHeadWith200AndGetWith204() throws Exception {
        HttpResponse<String> head = client.send("HEAD", "/new-nonce");
        HttpResponse<String> get = client.send("GET", "/new-nonce");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(get.statusCode()).isEqualTo(204);
        assertThat(head.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(head.headers().firstValue("Replay-Nonce"))
                .isNotEqualTo(get.headers().firstValue("Replay-Nonce"));
        assertThat(get.headers().allValues("Link")).contains("<" + server.directoryUri() + ">;rel=\"index\"");
    }

    @Test
    void refusesANonceThatWasUsedBefore() throws Exception {
        Map<String, Object> header = client.withKey("/new-account");
        Map<String, Object> agreement = Map.of("termsOfServiceAgreed", true);

        assertThat(client.post("/new-account", agreement, header).statusCode()).isEqualTo(201);
        HttpResponse<String> replay = client.post("/new-account", agreement, header);

        assertProblem(replay, 400, "badNonce", "used already");
        header.put("nonce", replay.headers().firstValue("Replay-Nonce").orElseThrow());
        assertThat(client.post("/new-account", agreement, header).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestWithABadSignatureDoesNotSpendItsNonce() throws Exception {
        Map<String, Object> header = client.withKey("/new-account");
        Map<String, Object> jws = client.jws(JsonUtil.toJson(Map.of("termsOfServiceAgreed", true)), header);
        Map<String, Object> tampered = new LinkedHashMap<>(jws);
        tampered.put("payload", RawAcmeClient.base64url("{\"termsOfServiceAgreed\":true,\"contact\":[]}"));

        assertProblem(post("/new-account", tampered), 400, "malformed", "signature of the JWS does not verify");
        assertThat(post("/new-account", jws).statusCode()).isEqualTo(201);
    }

    @Test
    void refusesARequestThatWasSignedForAnotherUrl() throws Exception {
        String account = client.register();

        HttpResponse<String> response = client.post("/new-order", ORDER, client.withAccount("/new-account", account));

        assertProblem(response, 401, "unauthorized", "sent to " + client.url("/new-order"));
    }

    @Test
    void refusesOtherContentTypes() throws Exception {
        String body = JsonUtil.toJson(client.jws("{}", client.withKey("/new-account")));

        assertProblem(
                client.postBody("/new-account", "application/json", body), 415, "malformed", "application/jose+json");
    }

    @Test
    void tellsWhichAlgorithmsItTakes() throws Exception {
        Map<String, Object> jws = client.jws("{}", client.withKey("/new-account"));
        jws.put("protected", RawAcmeClient.base64url("{\"alg\":\"HS256\"}"));

        HttpResponse<String> response = post("/new-account", jws);

        assertProblem(response, 400, "badSignatureAlgorithm", "HS256");
        assertThat(JsonUtil.parseJson(response.body()).get("algorithms"))
                .isEqualTo(List.of("ES256", "ES384", "ES512", "EdDSA", "RS256"));
    }

    @Test
    void takesNoUnsignedRequest() throws Exception {
        Map<String, Object> jws = client.jws("{}", client.withKey("/new-account"));
        jws.put("protected", RawAcmeClient.base64url("{\"alg\":\"none\"}"));
        jws.put("signature", "");

        assertProblem(post("/new-account", jws), 400, "badSignatureAlgorithm", "'none'");
    }

    @Test
    void refusesEveryOtherFormOfJws() throws Exception {
        Map<String, Object> unprotected = client.jws("{}", client.withKey("/new-account"));
        unprotected.put("header", Map.of("alg", "ES256"));
        assertProblem(post("/new-account", unprotected), 400, "malformed", "unprotected header");

        Map<String, Object> padded = client.jws("{}", client.withKey("/new-account"));
        padded.put("payload", "e30=");
        assertProblem(post("/new-account", padded), 400, "malformed", "base64url");

        for (String body :
                List.of("", "null", "[]", "{", "{\"protected\":1}", "{\"a\":1,\"a\":2}", "[".repeat(30_000))) {
            assertProblem(client.postBody("/new-account", RawAcmeClient.JOSE, body), 400, "malformed", "");
        }
    }

    @Test
    void wantsEitherAKeyOrAnAccount() throws Exception {
        String account = client.register();
        Map<String, Object> both = client.withKey("/new-order");
        both.put("kid", account);
        assertProblem(client.post("/new-order", ORDER, both), 400, "malformed", "either 'jwk' or 'kid'");

        assertProblem(
                client.post("/new-order", ORDER, client.withKey("/new-order")),
                400,
                "malformed",
                "needs a JWS with 'kid'");
        assertProblem(
                client.post("/new-account", Map.of(), client.withAccount("/new-account", account)),
                400,
                "malformed",
                "Send the key as 'jwk'");
    }

    @Test
    void knowsOnlyItsOwnAccounts() throws Exception {
        for (String account : List.of(client.url("/account/99"), "https://elsewhere.example/account/1", "1")) {
            assertProblem(
                    client.post("/new-order", ORDER, client.withAccount("/new-order", account)),
                    400,
                    "accountDoesNotExist",
                    "Create one");
        }
    }

    @Test
    void refusesWeakAndPrivateKeys() throws Exception {
        Map<String, Object> header = client.withKey("/new-account");
        var pair = KeyAlgorithm.EC_P256.generateKeyPair();
        PublicJsonWebKey jwk = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
        jwk.setPrivateKey(pair.getPrivate());
        header.put("jwk", jwk.toParams(OutputControlLevel.INCLUDE_PRIVATE));
        assertProblem(
                post("/new-account", RawAcmeClient.jws("{}", header, pair.getPrivate())),
                400,
                "malformed",
                "holds a private key");

        var generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        header.put(
                "jwk",
                PublicJsonWebKey.Factory.newPublicJwk(
                                generator.generateKeyPair().getPublic())
                        .toParams(OutputControlLevel.PUBLIC_ONLY));
        assertProblem(
                post("/new-account", RawAcmeClient.jws("{}", header, pair.getPrivate())),
                400,
                "badPublicKey",
                "1024 bits");
    }

    @Test
    void takesEd25519Accounts() throws Exception {
        RawAcmeClient eddsa = new RawAcmeClient(server, KeyAlgorithm.ED25519.generateKeyPair(), "EdDSA");

        String account = eddsa.register();

        assertThat(eddsa.post("/new-order", ORDER, eddsa.withAccount("/new-order", account))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void resourcesAreReadByPostAsGetOnly() throws Exception {
        String account = client.register();
        client.post("/new-order", ORDER, client.withAccount("/new-order", account));

        HttpResponse<String> plain = client.send("GET", "/order/1");
        assertProblem(plain, 405, "malformed", "POST-as-GET");
        assertThat(plain.headers().firstValue("Allow")).hasValue("POST");
        assertProblem(
                client.post("/order/1", Map.of(), client.withAccount("/order/1", account)),
                400,
                "malformed",
                "empty string");
        assertThat(client.postAsGet("/order/1", client.withAccount("/order/1", account))
                        .body())
                .contains("\"status\":\"pending\"");
        HttpResponse<String> challenge =
                client.postAsGet("/challenge/1/http-01", client.withAccount("/challenge/1/http-01", account));
        assertThat(challenge.headers().allValues("Link"))
                .contains("<" + client.url("/authorization/1") + ">;rel=\"up\"");
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        String account = client.register();

        assertProblem(client.send("GET", "/nothing"), 404, "malformed", "/directory");
        assertProblem(client.send("GET", "/a/b/c/d/e"), 404, "malformed", "/directory");
        for (String path : List.of(
                "/order/7", "/order/", "/authorization/7", "/challenge/7/http-01", "/certificate/7", "/orders/1/x")) {
            assertProblem(client.postAsGet(path, client.withAccount(path, account)), 404, "malformed", path);
        }
    }

    @Test
    void refusesNamesThatNoCaSigns() throws Exception {
        String account = client.register();
        for (String name : List.of(
                "",
                "app.example.com.",
                "-a.example.com",
                "under_score.example.com",
                "a..example.com",
                "bücher.example",
                "192.0.2.1",
                "a.*.example.com",
                "*.com",
                "x".repeat(64) + ".example.com",
                "evil\r\nlog.example.com")) {
            Map<String, Object> order = Map.of("identifiers", List.of(Map.of("type", "dns", "value", name)));
            HttpResponse<String> response = client.post("/new-order", order, client.withAccount("/new-order", account));
            assertProblem(response, 400, "rejectedIdentifier", "");
        }
        assertThat(server.orders()).isEmpty();
    }

    @Test
    void namesEveryRefusedIdentifierInASubproblem() throws Exception {
        String account = client.register();
        Map<String, Object> order = Map.of(
                "identifiers",
                List.of(
                        Map.of("type", "dns", "value", "good.example.com"),
                        Map.of("type", "dns", "value", "bad_.example.com"),
                        Map.of("type", "ip", "value", "[::1]")));

        HttpResponse<String> response = client.post("/new-order", order, client.withAccount("/new-order", account));

        assertProblem(response, 400, "rejectedIdentifier", "2 identifiers");
        assertThat((List<?>) JsonUtil.parseJson(response.body()).get("subproblems"))
                .hasSize(2);
    }

    @Test
    void foldsUpperCaseAndRepetition() throws Exception {
        String account = client.register();
        Map<String, Object> order = Map.of(
                "identifiers",
                List.of(
                        Map.of("type", "dns", "value", "App.Example.com"),
                        Map.of("type", "dns", "value", "app.example.com")));

        client.post("/new-order", order, client.withAccount("/new-order", account));

        assertThat(server.orders())
                .singleElement()
                .satisfies(it -> assertThat(it.names()).containsExactly("app.example.com"));
    }

    @Test
    void refusesUnsupportedIdentifierTypesAndEmptyOrders() throws Exception {
        String account = client.register();

        assertProblem(
                client.post(
                        "/new-order",
                        Map.of("identifiers", List.of(Map.of("type", "email", "value", "a@example.com"))),
                        client.withAccount("/new-order", account)),
                400,
                "unsupportedIdentifier",
                "email");
        assertProblem(
                client.post("/new-order", Map.of("identifiers", List.of()), client.withAccount("/new-order", account)),
                400,
                "malformed",
                "1 to 100");
        assertProblem(
                client.post("/new-order", Map.of(), client.withAccount("/new-order", account)),
                400,
                "malformed",
                "'identifiers' is missing");
    }

    @Test
    void refusesContactsThatAreNotMailAddresses() throws Exception {
        assertProblem(newAccount("tel:+4912345"), 400, "unsupportedContact", "mailto");
        assertProblem(newAccount("mailto:a@example.com?subject=x"), 400, "invalidContact", "one mail address");
        assertProblem(newAccount("mailto:a@example.com,b@example.com"), 400, "invalidContact", "one mail address");
        assertThat(server.statistics().accounts()).isZero();
    }

    @Test
    void refusesLongContentWithoutReadingOn() throws Exception {
        String body = "{\"protected\":\"" + "a".repeat(100_000) + "\"}";

        assertProblem(client.postBody("/new-account", RawAcmeClient.JOSE, body), 413, "malformed", "65536 bytes");
    }

    @Test
    void everyRefusalLeavesOneLogLineWithoutControlCharacters() throws Exception {
        String account = client.register();
        Map<String, Object> order = Map.of("identifiers", List.of(Map.of("type", "dns\nforged", "value", "a.example")));
        log.list.clear();

        client.post("/new-order", order, client.withAccount("/new-order", account));

        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(event.getFormattedMessage())
                    .startsWith("POST /new-order refused, 400 unsupportedIdentifier: ")
                    .contains("'dns?forged'")
                    .doesNotContain("\n");
        });
        assertThat(server.statistics().refusedRequests()).isEqualTo(1);
    }

    @Test
    void survivesConnectionsThatBreakOff() throws Exception {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), server.directoryUri().getPort())) {
            socket.getOutputStream()
                    .write("POST /new-order HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
                            .getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(client.send("GET", "/directory").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> newAccount(String contact) throws Exception {
        return client.post(
                "/new-account",
                Map.of("termsOfServiceAgreed", true, "contact", List.of(contact)),
                client.withKey("/new-account"));
    }

    private HttpResponse<String> post(String path, Map<String, Object> jws) throws Exception {
        return client.postBody(path, RawAcmeClient.JOSE, JsonUtil.toJson(jws));
    }

    private static void assertProblem(HttpResponse<String> response, int status, String type, String detail)
            throws JoseException, IOException {
        assertThat(response.body()).isNotEmpty();
        Map<String, Object> problem = JsonUtil.parseJson(response.body());
        assertThat(problem.get("type")).as(response.body()).isEqualTo("urn:ietf:params:acme:error:" + type);
        assertThat((String) problem.get("detail")).contains(detail);
        assertThat(problem.get("status")).isEqualTo((long) status);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("Replay-Nonce")).isPresent();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(AcmeTestServer.class);
    }
}
