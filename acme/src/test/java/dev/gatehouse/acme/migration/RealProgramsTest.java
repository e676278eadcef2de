package dev.gatehouse.acme.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.testing.TlsProbe;
import dev.gatehouse.testing.tools.SystemTool;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders that the real Caddy and the real certbot have written, imported and served, their accounts included. */
@Timeout(180)
class RealProgramsTest {

    @TempDir
    private Path temp;

    private Path storage;

    @BeforeEach
    void chooseStorage() {
        storage = temp.resolve("storage");
    }

    @Test
    void theFolderOfCaddy() throws Exception {
        SystemTool.find("caddy");
        try (IssuingServer acme = IssuingServer.overHttps(storage)) {
            int[] ports = freePorts(2);
            int httpPort = ports[0];
            acme.challengesGoTo(httpPort);
            Path folder = temp.resolve("caddy");
            Path root = Files.writeString(temp.resolve("root.pem"), acme.ca().rootPem());
            runCaddy(folder, """
                    {
                      admin off
                      http_port %d
                      https_port %d
                      storage file_system %s
                      skip_install_trust
                      auto_https disable_redirects
                      email ops@example.com
                    }
                    app.example.com {
                      bind 127.0.0.1
                      tls {
                        issuer acme {
                          dir %s
                          trusted_roots %s
                          disable_tlsalpn_challenge
                        }
                      }
                    }
                    internal.example.com, *.wild.example.com {
                      bind 127.0.0.1
                      tls internal
                    }
                    """.formatted(httpPort, ports[1], folder, acme.directory(), root));

            ImportContents contents = CertificateImport.from(folder).read();
            List<ImportEntry> entries = importFrom(folder);

            assertThat(contents.layout()).isEqualTo(ImportLayout.CERTMAGIC);
            assertThat(entries).extracting(ImportEntry::outcome).hasSize(4).containsOnly(ImportOutcome.IMPORTED);
            assertThat(contents.accounts()).singleElement().satisfies(account -> {
                assertThat(account.directory()).contains(acme.directory());
                assertThat(account.contacts()).containsExactly("mailto:ops@example.com");
            });
            try (ServedWithoutOrder server = new ServedWithoutOrder(storage)) {
                server.shows(
                        "app.example.com",
                        chainOf(contents, "app.example.com"),
                        TlsProbe.builder().trust(acme.ca()));
                server.shows(
                        "shop.wild.example.com",
                        chainOf(contents, "*.wild.example.com"),
                        TlsProbe.builder().trustEverything());
                server.shows(
                        "internal.example.com",
                        chainOf(contents, "internal.example.com"),
                        TlsProbe.builder().trustEverything());
            }
            requireSameAccountForNextOrder(acme);
        }
    }

    @Test
    void theFolderOfCertbot() throws Exception {
        SystemTool.find("certbot");
        try (IssuingServer acme = IssuingServer.overHttps(storage)) {
            int httpPort = freePorts(1)[0];
            acme.challengesGoTo(httpPort);
            Path folder = temp.resolve("letsencrypt");
            Path root = Files.writeString(temp.resolve("root.pem"), acme.ca().rootPem());
            runCertbot(
                    root,
                    acme.directory(),
                    folder,
                    httpPort,
                    "--key-type",
                    "ecdsa",
                    "-d",
                    "app.example.com",
                    "-d",
                    "www.example.com");
            runCertbot(root, acme.directory(), folder, httpPort, "--key-type", "rsa", "-d", "rsa.example.com");

            ImportContents contents = CertificateImport.from(folder).read();
            List<ImportEntry> entries = importFrom(folder);

            assertThat(contents.layout()).isEqualTo(ImportLayout.CERTBOT);
            assertThat(entries).extracting(ImportEntry::outcome).hasSize(3).containsOnly(ImportOutcome.IMPORTED);
            assertThat(contents.certificates())
                    .allSatisfy(found -> assertThat(found.directory()).contains(acme.directory()));
            try (ServedWithoutOrder server = new ServedWithoutOrder(storage)) {
                for (String name : List.of("app.example.com", "www.example.com", "rsa.example.com")) {
                    server.shows(
                            name, chainOf(contents, name), TlsProbe.builder().trust(acme.ca()));
                }
            }
            requireSameAccountForNextOrder(acme);
        }
    }

    private List<ImportEntry> importFrom(Path folder) throws IOException {
        try (FileStorage target = FileStorage.at(storage)) {
            return CertificateImport.from(folder).plan(target).apply().entries();
        }
    }

    private static void requireSameAccountForNextOrder(IssuingServer acme) throws IOException {
        URI account = acme.lastOrder().account();
        int before = acme.orders();

        acme.issue("new.example.com");

        assertThat(acme.orders()).isEqualTo(before + 1);
        assertThat(acme.lastOrder().account()).isEqualTo(account);
    }

    private static List<X509Certificate> chainOf(ImportContents contents, String name) {
        return contents.certificates().stream()
                .map(ImportedCertificate::credential)
                .filter(credential -> credential.coverage().toString().contains(name))
                .map(Credential::chain)
                .findFirst()
                .orElseThrow();
    }

    /** Caddy writes the metadata of a certificate last. */
    private void runCaddy(Path folder, String caddyfile) throws IOException, InterruptedException {
        Path config = Files.writeString(temp.resolve("Caddyfile"), caddyfile);
        Process caddy =
                start(List.of("caddy", "run", "--config", config.toString(), "--adapter", "caddyfile"), List.of());
        try {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(caddy.isAlive()).as(log()).isTrue();
                for (String name : List.of("app.example.com", "internal.example.com", "wildcard_.wild.example.com")) {
                    assertThat(folder)
                            .as(log())
                            .isDirectoryRecursivelyContaining("glob:**/certificates/**/" + name + ".json");
                }
                assertThat(folder).isDirectoryRecursivelyContaining("glob:**/ops.key");
            });
        } finally {
            caddy.destroy();
            caddy.waitFor(10, TimeUnit.SECONDS);
            caddy.destroyForcibly();
        }
    }

    private void runCertbot(Path root, URI directory, Path folder, int httpPort, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "certbot",
                "certonly",
                "--server",
                directory.toString(),
                "--standalone",
                "--http-01-address",
                "127.0.0.1",
                "--http-01-port",
                Integer.toString(httpPort),
                "--config-dir",
                folder.toString(),
                "--work-dir",
                temp.resolve("work").toString(),
                "--logs-dir",
                temp.resolve("log").toString(),
                "--non-interactive",
                "--agree-tos",
                "--email",
                "ops@example.com"));
        command.addAll(List.of(arguments));
        Process certbot = start(command, List.of("REQUESTS_CA_BUNDLE=" + root));
        try {
            assertThat(certbot.waitFor(60, TimeUnit.SECONDS)).as(log()).isTrue();
            assertThat(certbot.exitValue()).as(log()).isZero();
        } finally {
            certbot.destroyForcibly();
        }
    }

    private Process start(List<String> command, List<String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        temp.resolve("output.txt").toFile()));
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("XDG_DATA_HOME", temp.resolve("data").toString());
        builder.environment().put("XDG_CONFIG_HOME", temp.resolve("config").toString());
        environment.forEach(variable -> builder.environment()
                .put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1)));
        return builder.start();
    }

    private String log() throws IOException {
        return Files.readString(temp.resolve("output.txt"));
    }

    /** Ports that differ: all are held until the last has been found. */
    private static int[] freePorts(int count) throws IOException {
        Deque<ServerSocket> held = new ArrayDeque<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
