package dev.gatehouse.testing.conformance;

import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.KeyAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;

/** Speaks ACME request by request, rightly or wrongly as the test wants. */
final class WireClient {
    static final String JOSE = "application/jose+json";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final AcmeTestServer server;
    private final KeyPair key;
    private final String algorithm;
    private String account;

    private WireClient(AcmeTestServer server, KeyPair key, String algorithm) {
        this.server = server;
        this.key = key;
        this.algorithm = algorithm;
    }

    /** A client that has no account yet. */
    static WireClient stranger(AcmeTestServer server) {
        return stranger(server, KeyAlgorithm.EC_P256.generateKeyPair(), "ES256");
    }

    static WireClient stranger(AcmeTestServer server, KeyPair key, String algorithm) {
        return new WireClient(server, key, algorithm);
    }

    static WireClient registered(AcmeTestServer server) {
        WireClient client = stranger(server);
        client.register(Map.of("termsOfServiceAgreed", true)).requireStatus(201);
        return client;
    }

    KeyPair key() {
        return key;
    }

    String account() {
        return account;
    }

    String keyAuthorization(String token) {
        return token + '.' + Jws.thumbprint(key);
    }

    Reply register(Map<String, ?> payload) {
        Reply reply = send(url("newAccount"), withKey(url("newAccount")).payload(payload));
        if (reply.status() < 300) {
            account = reply.header("Location");
        }
        return reply;
    }

    Reply directory() {
        return get(server.directoryUri().toString());
    }

    /** The URL of a resource of the directory. */
    String url(String resource) {
        return directory().text(resource);
    }

    String nonce() {
        return request("HEAD", url("newNonce"), null, "").header("Replay-Nonce");
    }

    Reply get(String url) {
        return request("GET", url, null, "");
    }

    Reply request(String method, String url, String contentType, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        try {
            return Reply.of(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A right header with the key in it. */
    Jws withKey(String url) {
        return header(url).with("jwk", Jws.jwk(key));
    }

    /** A right header with the account in it. */
    Jws withAccount(String url) {
        return header(url).with("kid", account);
    }

    private Jws header(String url) {
        return new Jws().with("alg", algorithm).with("nonce", nonce()).with("url", url);
    }

    Reply send(String url, Jws jws) {
        return send(url, jws.sign(key.getPrivate()));
    }

    Reply send(String url, Map<String, Object> jws) {
        return request("POST", url, JOSE, JsonUtil.toJson(jws));
    }

    /** A right request with this payload. */
    Reply post(String url, Map<String, ?> payload) {
        return send(url, withAccount(url).payload(payload));
    }

    /** A right POST-as-GET request. */
    Reply postAsGet(String url) {
        return send(url, withAccount(url));
    }

    Reply newOrder(Map<String, ?> more, String... names) {
        Map<String, Object> payload = new LinkedHashMap<>(more);
        payload.put("identifiers", identifiers(names));
        return post(url("newOrder"), payload);
    }

    Reply newOrder(String... names) {
        return newOrder(Map.of(), names);
    }

    static List<Map<String, String>> identifiers(String... names) {
        return Arrays.stream(names)
                .map(name -> Map.of("type", name.matches("[0-9.]+|.*:.*") ? "ip" : "dns", "value", name))
                .toList();
    }
}
