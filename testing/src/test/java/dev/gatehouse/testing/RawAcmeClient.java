package dev.gatehouse.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** Sends requests that no well-behaved client would send: every part of the JWS can be bent. */
final class RawAcmeClient {
    static final String JOSE = "application/jose+json";

    private final HttpClient http = HttpClient.newHttpClient();
    private final AcmeTestServer server;
    private final KeyPair key;
    private final String algorithm;

    RawAcmeClient(AcmeTestServer server, KeyPair key, String algorithm) {
        this.server = server;
        this.key = key;
        this.algorithm = algorithm;
    }

    static RawAcmeClient es256(AcmeTestServer server) {
        return new RawAcmeClient(server, KeyAlgorithm.EC_P256.generateKeyPair(), "ES256");
    }

    String url(String path) {
        return server.directoryUri().resolve(path).toString();
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url(path)))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    String nonce() throws IOException, InterruptedException {
        return send("HEAD", "/new-nonce").headers().firstValue("Replay-Nonce").orElseThrow();
    }

    /** Creates the account, and returns its URL. */
    String register() throws Exception {
        HttpResponse<String> response =
                post("/new-account", Map.of("termsOfServiceAgreed", true), withKey("/new-account"));
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** A protected header with the key in it, for the given path, with a fresh nonce. */
    Map<String, Object> withKey(String path) throws Exception {
        Map<String, Object> header = header(path);
        header.put(
                "jwk", PublicJsonWebKey.Factory.newPublicJwk(key.getPublic()).toParams(OutputControlLevel.PUBLIC_ONLY));
        return header;
    }

    /** A protected header with an account URL in it, for the given path, with a fresh nonce. */
    Map<String, Object> withAccount(String path, String account) throws Exception {
        Map<String, Object> header = header(path);
        header.put("kid", account);
        return header;
    }

    private Map<String, Object> header(String path) throws Exception {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("nonce", nonce());
        header.put("url", url(path));
        return header;
    }

    HttpResponse<String> post(String path, Map<String, Object> payload, Map<String, Object> header) throws Exception {
        return postBody(path, JOSE, JsonUtil.toJson(jws(JsonUtil.toJson(payload), header)));
    }

    HttpResponse<String> postAsGet(String path, Map<String, Object> header) throws Exception {
        return postBody(path, JOSE, JsonUtil.toJson(jws("", header)));
    }

    HttpResponse<String> postBody(String path, String contentType, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url(path)))
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Signs, and returns the members of the flattened JSON form. */
    Map<String, Object> jws(String payload, Map<String, Object> header) throws JoseException {
        return jws(payload, header, key.getPrivate());
    }

    static Map<String, Object> jws(String payload, Map<String, Object> header, PrivateKey key) throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(payload);
        header.forEach(signature.getHeaders()::setObjectHeaderValue);
        signature.setKey(key);
        String[] parts = signature.getCompactSerialization().split("\\.", -1);
        Map<String, Object> jws = new LinkedHashMap<>();
        jws.put("protected", parts[0]);
        jws.put("payload", parts[1]);
        jws.put("signature", parts[2]);
        return jws;
    }

    static String base64url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
