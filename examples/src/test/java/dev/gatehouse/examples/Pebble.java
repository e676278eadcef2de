package dev.gatehouse.examples;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.DnsProvider;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.tools.SystemTool;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Let's Encrypt's test server, with its DNS server, refusing nonces at its default rate. */
final class Pebble implements AutoCloseable {

    private final TestCa listenerCa = TestCa.create();
    private final Path listenerRoot;
    private final int directoryPort = freePort();
    private final int managementPort = freePort();
    private final int dnsManagementPort = freePort();
    private final BackgroundProcess dns;
    private final BackgroundProcess server;

    private Pebble(Path folder, int http01Port, int tlsPort, Map<String, String> externalAccounts) throws IOException {
        int dnsPort = freePort();
        this.listenerRoot = Files.writeString(folder.resolve("pebble-root.pem"), listenerCa.rootPem());
        Credential listener = listenerCa.issue("localhost", "127.0.0.1");
        Path certificate = Files.writeString(folder.resolve("pebble.pem"), Pem.encode(listener.chain()));
        Path key = Files.writeString(folder.resolve("pebble.key"), Pem.encode(listener.privateKey()));
        Path config = Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {
                  "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s", "privateKey": "%s",
                  "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "",
                  "externalAccountBindingRequired": %s, "externalAccountMACKeys": {%s},
                  "certificateValidityPeriod": 432000}}
                """.formatted(
                        directoryPort,
                        managementPort,
                        certificate,
                        key,
                        http01Port,
                        tlsPort,
                        !externalAccounts.isEmpty(),
                        macKeys(externalAccounts)));
        this.dns = BackgroundProcess.start(
                folder,
                Map.of(),
                List.of(
                        SystemTool.find("pebble-challtestsrv"),
                        "-defaultIPv4",
                        "127.0.0.1",
                        "-defaultIPv6",
                        "",
                        "-dns01",
                        "127.0.0.1:" + dnsPort,
                        "-http01",
                        "",
                        "-https01",
                        "",
                        "-tlsalpn01",
                        "",
                        "-management",
                        "127.0.0.1:" + dnsManagementPort));
        this.server = BackgroundProcess.start(
                folder,
                Map.of("PEBBLE_VA_NOSLEEP", "1"),
                List.of(SystemTool.find("pebble"), "-config", config.toString(), "-dnsserver", "127.0.0.1:" + dnsPort));
    }

    private static String macKeys(Map<String, String> externalAccounts) {
        return externalAccounts.entrySet().stream()
                .map(account -> "\"" + account.getKey() + "\": \"" + account.getValue() + "\"")
                .collect(Collectors.joining(", "));
    }

    static Pebble start(Path folder, int http01Port) throws IOException {
        return start(folder, http01Port, 1, Map.of());
    }

    /** With MAC keys by key id, to one of which new accounts have to be bound. */
    static Pebble start(Path folder, int http01Port, Map<String, String> externalAccounts) throws IOException {
        return start(folder, http01Port, 1, externalAccounts);
    }

    /** With the ports at which it validates by HTTP-01 and by TLS-ALPN-01. */
    static Pebble start(Path folder, int http01Port, int tlsPort) throws IOException {
        return start(folder, http01Port, tlsPort, Map.of());
    }

    private static Pebble start(Path folder, int http01Port, int tlsPort, Map<String, String> externalAccounts)
            throws IOException {
        SystemTool.find("pebble");
        Pebble pebble = new Pebble(folder, http01Port, tlsPort, externalAccounts);
        try {
            pebble.server.awaitLine("ACME directory available at");
            return pebble;
        } catch (RuntimeException notStarted) {
            pebble.close();
            throw notStarted;
        }
    }

    /**
     * A port for a process that cannot be told to take a free one. It lies below those that the system gives to outgoing
     * connections, so that none of them takes it before the process does.
     */
    static int freePort() {
        Random random = new Random();
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = 20_000 + random.nextInt(12_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("No free port between 20000 and 32000.");
    }

    String directory() {
        return "https://127.0.0.1:" + directoryPort + "/dir";
    }

    /** The root to trust for the connection to Pebble. */
    Path listenerRoot() {
        return listenerRoot;
    }

    /** Writes into the zone that Pebble looks at, through the management API of its DNS server. */
    DnsProvider dnsProvider() {
        return new DnsProvider() {
            @Override
            public void present(ChallengeRecord record) {
                manageDns("set-txt", "{\"host\": \"" + record.name() + ".\", \"value\": \"" + record.value() + "\"}");
            }

            @Override
            public void remove(ChallengeRecord record) {
                manageDns("clear-txt", "{\"host\": \"" + record.name() + ".\"}");
            }
        };
    }

    private void manageDns(String command, String json) {
        URI uri = URI.create("http://127.0.0.1:" + dnsManagementPort + "/" + command);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        try {
            int status = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status != 200) {
                throw new IllegalStateException(uri + " answered " + status);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    int orders() {
        return server.count("Added order ");
    }

    /** Trusts the certificates that Pebble issues; its root is new at every start. */
    SSLContext trust() throws Exception {
        X509Certificate root = Pem.certificates(fetch("https://127.0.0.1:" + managementPort + "/roots/0"))
                .get(0);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("pebble", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    boolean isRevoked(X509Certificate certificate) throws Exception {
        return fetch("https://127.0.0.1:" + managementPort + "/cert-status-by-serial/"
                        + certificate.getSerialNumber().toString(16))
                .contains("\"Revoked\"");
    }

    private String fetch(String url) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(listenerCa.sslContext()).build();
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        server.close();
        dns.close();
    }
}
