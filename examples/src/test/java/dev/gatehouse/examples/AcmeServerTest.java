package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Dns01Challenge;

/** {@code gatehouse acme-server} as its users run it. */
@Timeout(120)
class AcmeServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void itSaysWhereItIsAndServesHttpsThatItsRootVouchesFor() throws Exception {
        Path root = Files.writeString(folder.resolve("root.pem"), "of an earlier start");
        URI directory;
        try (BackgroundProcess server = acmeServer("--root-out", root.toString())) {
            directory = directory(server);
            assertThat(directory.toString()).matches("https://127\\.0\\.0\\.1:\\d+/directory");

            HttpResponse<String> response = get(clientTrusting(root), directory);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("\"newNonce\"", "\"renewalInfo\"");
            assertThat(folder.toFile().list()).doesNotContain("root.pem.new");
        }
        URI gone = directory;
        assertThatThrownBy(() -> get(clientTrusting(root), gone)).isInstanceOf(ConnectException.class);
    }

    @Test
    void itProvesNamesByTheDnsServerAndIssuesForTheLifetime() throws Exception {
        try (TestDns dns = TestDns.start("shop.test");
                BackgroundProcess server = acmeServer(
                        "--http", "--dns", "127.0.0.1:" + dns.address().getPort(), "--lifetime", "12h")) {
            KeyPair key = ecKey();
            Login login = new AccountBuilder()
                    .agreeToTermsOfService()
                    .useKeyPair(key)
                    .createLogin(new Session(directory(server)));
            Order order = login.newOrder().domains("*.shop.test").create();
            Dns01Challenge challenge = order.getAuthorizations()
                    .get(0)
                    .findChallenge(Dns01Challenge.class)
                    .orElseThrow();
            dns.add(DnsRecord.txt("_acme-challenge.shop.test", challenge.getDigest()));
            challenge.trigger();
            order.waitUntilReady(PATIENCE);
            order.execute(ecKey());
            order.waitForCompletion(PATIENCE);

            X509Certificate leaf = order.getCertificate().getCertificate();
            assertThat(Duration.between(
                            leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                    .isBetween(Duration.ofHours(12), Duration.ofHours(14));
            dns.awaitQuery("_acme-challenge.shop.test", "TXT", PATIENCE);
        }
    }

    @Test
    void itDoesWrongWhatItIsTold() throws Exception {
        try (BackgroundProcess server =
                acmeServer("--http", "--fault", "unavailable=7s@directory", "--fault", "problem=403:caa@directory")) {
            URI directory = directory(server);

            HttpResponse<String> unavailable = get(HttpClient.newHttpClient(), directory);
            assertThat(unavailable.statusCode()).isEqualTo(503);
            assertThat(unavailable.headers().firstValue("Retry-After")).contains("7");
            assertThat(get(HttpClient.newHttpClient(), directory).body()).contains("urn:ietf:params:acme:error:caa");
            assertThat(get(HttpClient.newHttpClient(), directory).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void itRequiresExternalAccountsWhenItKnowsSome() throws Exception {
        try (BackgroundProcess server =
                acmeServer("--http", "--eab", "kid-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) {
            assertThat(get(HttpClient.newHttpClient(), directory(server)).body())
                    .contains("\"externalAccountRequired\":true");
        }
    }

    @Test
    void aPortInUseIsOneLineWithTheRemedy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                BackgroundProcess server = command("--port", String.valueOf(taken.getLocalPort()))) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.output())
                    .startsWith("gatehouse: Cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose another with --port")
                    .hasLineCount(1);
        }
    }

    @Test
    void aRootThatCannotBeWrittenIsSaid() throws Exception {
        Path nowhere = folder.resolve("absent").resolve("root.pem");
        try (BackgroundProcess server = acmeServer("--root-out", nowhere.toString())) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.output())
                    .contains("gatehouse: --root-out: " + nowhere + " cannot be written (there is no such folder).")
                    .doesNotContain("/directory\n\n");
        }
    }

    @Test
    void mistakesOnTheCommandLineAreUsageErrors() throws Exception {
        for (List<String> mistake : List.of(
                List.of("--fault", "bad-nonces", "'bad-nonces' is no fault. Did you mean 'bad-nonce'?"),
                List.of("--dns", "127.0.0.1", "'127.0.0.1' is not an address with a port. Write 127.0.0.1:8053."),
                List.of("--lifetime", "long", "'long' is not a duration. Write 90d"),
                List.of("--eab", "kid", "'kid' has no colon"),
                List.of("--eab", "kid:AAAA", "the key of 'kid' is no key"),
                List.of("--http-port", "0", "http01Port: 0 (expected: 1 to 65535)"),
                List.of("--port", "70000", "--port: 70000 (expected: 0 to 65535)"))) {
            try (BackgroundProcess server = command(mistake.get(0), mistake.get(1))) {
                assertThat(server.awaitExit()).as(mistake.toString()).isEqualTo(2);
                assertThat(server.output()).contains(mistake.get(2)).doesNotContain("Exception");
            }
        }
    }

    private BackgroundProcess acmeServer(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "0"));
        arguments.addAll(List.of(options));
        return command(arguments.toArray(String[]::new));
    }

    private BackgroundProcess command(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("acme-server"));
        arguments.addAll(List.of(options));
        return GatehouseProcess.command(folder, List.of("-Xmx128m"), arguments);
    }

    private static URI directory(BackgroundProcess server) {
        return URI.create(server.awaitLine("(?m)^(https?://\\S+/directory)$").group(1));
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient clientTrusting(Path root) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "root", Pem.certificates(Files.readString(root)).get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static KeyPair ecKey() throws Exception {
        return KeyPairGenerator.getInstance("EC").generateKeyPair();
    }
}
