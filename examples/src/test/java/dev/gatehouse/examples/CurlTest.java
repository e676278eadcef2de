package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.tools.SystemTool;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl, and so OpenSSL, through the proxy as a process with a small heap. */
@Timeout(180)
class CurlTest {

    private static final int UPLOAD = 100_000_000;

    private final TestCa ca = TestCa.create();
    private final List<HttpServer> origins = new ArrayList<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private GatehouseProcess proxy;
    private Path root;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        SystemTool.find("curl");
        root = Files.writeString(folder.resolve("root.pem"), ca.rootPem());
        int shop = origin("shop");
        int api = origin("api");
        Path config = Files.writeString(folder.resolve("gatehouse.yml"), """
                services:
                  shop:
                    host: shop.example.com
                    ssl: %s
                    targets: ["127.0.0.1:%d"]
                    buffering: { requests: true, max_request_body: %d, memory: 1000000 }
                  shop-api:
                    host: shop.example.com
                    path_prefix: /api
                    ssl: %s
                    targets: ["127.0.0.1:%d"]
                  blog:
                    host: blog.example.com
                    ssl: %s
                    targets: ["127.0.0.1:%d"]
                """.formatted(
                        certificate("shop.example.com"),
                        shop,
                        UPLOAD,
                        certificate("shop.example.com"),
                        api,
                        certificate("blog.example.com"),
                        api));
        proxy = GatehouseProcess.run(
                folder,
                List.of("-Xmx128m"),
                List.of(
                        "--config",
                        config.toString(),
                        "--http-port",
                        "0",
                        "--state-dir",
                        folder.resolve("state").toString()));
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        origins.forEach(origin -> origin.stop(0));
    }

    @Test
    void eachHostHasItsCertificateAndItsUpstream() throws Exception {
        assertThat(curl("shop.example.com", "/", "-w", " %{http_version}")).isEqualTo("shop GET / 2");
        assertThat(curl("shop.example.com", "/", "--http1.1", "-w", " %{http_version}"))
                .isEqualTo("shop GET / 1.1");
        assertThat(curl("blog.example.com", "/post?id=1")).isEqualTo("api GET /post?id=1");
        assertThat(certificateNames("shop.example.com")).contains("DNS:shop.example.com");
        assertThat(certificateNames("blog.example.com")).contains("DNS:blog.example.com");
    }

    @Test
    void theLongestPathPrefixWinsAndIsStripped() throws Exception {
        assertThat(curl("shop.example.com", "/api/orders?page=2")).isEqualTo("api GET /orders?page=2");
        assertThat(curl("shop.example.com", "/apiary")).isEqualTo("shop GET /apiary");
    }

    @Test
    void anUnknownHostIsRefusedInTheHandshake() throws Exception {
        assertThat(curl("stranger.example.com", "/", "--show-error")).contains("unrecognized name");
    }

    @Test
    void plainHttpIsRedirected() throws Exception {
        BackgroundProcess curl = BackgroundProcess.start(
                folder,
                Map.of(),
                List.of(
                        "curl",
                        "-sS",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code} %{redirect_url}",
                        "-H",
                        "Host: shop.example.com",
                        "http://127.0.0.1:" + proxy.httpPort() + "/cart?x=1"));
        assertThat(curl.awaitExit()).isZero();

        assertThat(curl.output()).isEqualTo("301 https://shop.example.com:" + proxy.httpsPort() + "/cart?x=1");
    }

    @Test
    void aLargeUploadArrivesIntactThroughASmallHeap() throws Exception {
        Path file = randomFile(UPLOAD);

        assertThat(curl("shop.example.com", "/upload", "-T", file.toString()))
                .isEqualTo("shop PUT /upload " + UPLOAD + " " + sha256(Files.newInputStream(file)));
        assertThat(uploads).hasValue(1);
    }

    @Test
    void oneByteTooManyIsRefusedBeforeTheOriginIsAsked() throws Exception {
        Path file = randomFile(UPLOAD + 1);

        assertThat(curl("shop.example.com", "/upload", "-T", file.toString(), "-o", "/dev/null", "-w", "%{http_code}"))
                .isEqualTo("413");
        assertThat(uploads).hasValue(0);
    }

    private String certificate(String name) throws IOException {
        Credential credential = ca.issue(name);
        Path chain = Files.writeString(folder.resolve(name + ".pem"), Pem.encode(credential.chain()));
        Path key = Files.writeString(folder.resolve(name + ".key"), Pem.encode(credential.privateKey()));
        return "{ certificate_pem: " + chain + ", private_key_pem: " + key + " }";
    }

    /** Answers with its name, the request line, and what it knows of an upload. */
    private int origin(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String text = name + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI();
            if (exchange.getRequestMethod().equals("PUT")) {
                uploads.incrementAndGet();
                text += " " + exchange.getRequestHeaders().getFirst("Content-Length") + " "
                        + sha256(exchange.getRequestBody());
            }
            byte[] body = text.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        origins.add(server);
        return server.getAddress().getPort();
    }

    private String certificateNames(String host) throws Exception {
        String connection = "127.0.0.1:" + proxy.httpsPort();
        SystemTool.find("openssl");
        BackgroundProcess openssl = BackgroundProcess.start(
                folder,
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "openssl s_client -connect " + connection + " -servername " + host
                                + " </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName"));
        openssl.awaitExit();
        return openssl.output();
    }

    private String curl(String host, String target, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "60", "--cacert", root.toString()));
        command.addAll(List.of("--resolve", host + ":" + proxy.httpsPort() + ":127.0.0.1"));
        command.addAll(List.of(options));
        command.add("https://" + host + ":" + proxy.httpsPort() + target);
        BackgroundProcess curl = BackgroundProcess.start(folder, Map.of(), command);
        curl.awaitExit();
        return curl.output();
    }

    private Path randomFile(int size) throws IOException {
        Path file = folder.resolve("upload-" + size);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            var random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
            for (int written = 0; written < size; written += block.length) {
                random.nextBytes(block);
                out.write(block, 0, Math.min(block.length, size - written));
            }
        }
        return file;
    }

    private static String sha256(InputStream content) throws IOException {
        try (DigestInputStream in = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
