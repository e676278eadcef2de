package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A web server that answers HTTP-01 challenges, and the steps from an order to its certificate. */
final class Issuance implements AutoCloseable {
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Set<String> askedHosts = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    Issuance() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/.well-known/acme-challenge/", exchange -> {
            askedHosts.add(exchange.getRequestHeaders().getFirst("Host"));
            String path = exchange.getRequestURI().getPath();
            byte[] answer = answers.getOrDefault(path.substring(path.lastIndexOf('/') + 1), "nothing")
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    Set<String> askedHosts() {
        return askedHosts;
    }

    void serve(String token, String content) {
        answers.put(token, content);
    }

    /** Answers the HTTP-01 challenge of every authorization, and waits until the order is no longer pending. */
    Reply prove(WireClient client, Reply order) {
        for (String url : order.strings("authorizations")) {
            Map<String, Object> challenge = challenge(client.postAsGet(url), "http-01");
            String token = (String) challenge.get("token");
            serve(token, client.keyAuthorization(token));
            client.post((String) challenge.get("url"), Map.of()).requireStatus(200);
        }
        return awaitNot(client, order.header("Location"), "pending");
    }

    /** Starts the HTTP-01 challenge of the only authorization with nothing to show, and waits for the failure. */
    Reply fail(WireClient client, Reply order) {
        for (String url : order.strings("authorizations")) {
            Map<String, Object> challenge = challenge(client.postAsGet(url), "http-01");
            client.post((String) challenge.get("url"), Map.of()).requireStatus(200);
            awaitNot(client, url, "pending");
        }
        return awaitNot(client, order.header("Location"), "pending");
    }

    /** Orders, proves and finalizes; the order is valid then. */
    Reply issue(WireClient client, KeyPair key, String... names) {
        Reply order = prove(client, client.newOrder(names).requireStatus(201));
        return finalizeOrder(client, order, csr(key, names)).requireStatus(200);
    }

    Reply issue(WireClient client, String... names) {
        return issue(client, KeyAlgorithm.EC_P256.generateKeyPair(), names);
    }

    static Reply finalizeOrder(WireClient client, Reply order, String csr) {
        return client.post(order.text("finalize"), Map.of("csr", csr));
    }

    static List<X509Certificate> download(WireClient client, Reply order) {
        return Pem.certificates(client.postAsGet(order.text("certificate")).body());
    }

    static Map<String, Object> challenge(Reply authorization, String type) {
        return authorization.objects("challenges").stream()
                .filter(challenge -> challenge.get("type").equals(type))
                .findFirst()
                .orElseThrow();
    }

    static Reply awaitNot(WireClient client, String url, String status) {
        return await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> client.postAsGet(url),
                        reply -> !reply.text("status").equals(status));
    }

    static String csr(KeyPair key, String... names) {
        return csr("", "SHA256withECDSA", key, names);
    }

    static String csr(String subject, String algorithm, KeyPair key, String... names) {
        try {
            JcaPKCS10CertificationRequestBuilder builder =
                    new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
            if (names.length > 0) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(Extension.subjectAlternativeName, false, names(names));
                builder.addAttribute(
                        org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                        extensions.generate());
            }
            return encode(builder.build(new JcaContentSignerBuilder(algorithm).build(key.getPrivate()))
                    .getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static GeneralNames names(String... names) {
        return new GeneralNames(Arrays.stream(names)
                .map(name -> new GeneralName(
                        name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    static void assertIssued(Reply order) {
        assertThat(order.text("status")).isEqualTo("valid");
        assertThat(order.json()).containsKey("certificate");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
