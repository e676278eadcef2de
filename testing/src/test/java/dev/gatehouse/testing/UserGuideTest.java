package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.junit.GatehouseExtension;
import dev.gatehouse.tls.Credential;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.xbill.DNS.Type;

/** The examples of docs/testing.md, which are copied from here. */
@Timeout(60)
@ExtendWith(GatehouseExtension.class)
class UserGuideTest {

    // GUIDE: extension
    @Test
    void everyTestHasACaOfItsOwn(TestCa ca, AcmeTestServer acme, RevocationServer revocation) {
        Credential credential = ca.issue("app.example.com", "*.shop.example.com", "127.0.0.1");

        assertThat(acme.ca()).isSameAs(ca);
        assertThat(credential.chain()).hasSize(2);
    }
    // GUIDE: end

    // GUIDE: server
    @Test
    void theServerShowsTheCertificateOfTheName(TestCa ca) throws Exception {
        Credential credential = ca.issue("app.example.com");
        try (MyServer server = MyServer.serving(credential)) {
            TlsProbe.builder()
                    .serverName("app.example.com")
                    .applicationProtocols("h2", "http/1.1")
                    .trust(ca)
                    .build()
                    .probe(server.address())
                    .requireCompleted()
                    .requireProtocol("TLSv1.3")
                    .requireApplicationProtocol("h2")
                    .requireChain(credential.chain());

            TlsProbe.builder()
                    .serverName("other.example.com")
                    .trustEverything()
                    .build()
                    .probe(server.address())
                    .requireAlert("unrecognized_name");
        }
    }
    // GUIDE: end

    // GUIDE: hello
    @Test
    void theServerSurvivesNamesThatAreNone(TestCa ca) throws Exception {
        try (MyServer server = MyServer.serving(ca.issue("app.example.com"))) {
            HelloProbe.builder()
                    .serverName("under_score.example.com")
                    .build()
                    .probe(server.address())
                    .requireOutcome(ProbeOutcome.ALERT);

            HelloProbe.builder()
                    .serverName("app.example.com")
                    .signatureSchemes(SignatureScheme.RSA_PSS_RSAE_SHA256)
                    .build()
                    .probe(server.address())
                    .requireAlert("handshake_failure");
        }
    }
    // GUIDE: end

    // GUIDE: client
    @ParameterizedTest
    @EnumSource(
            value = CertificateFault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "COMMON_NAME_ONLY",
                "WILDCARD_NOT_LEFTMOST",
                "WILDCARD_TWICE",
                "WILDCARD_IN_LABEL",
                "WEAK_KEY",
                "SHA1_SIGNATURE"
            })
    void theClientRefusesBrokenCertificates(CertificateFault fault, TestCa ca) throws Exception {
        try (TlsTestServer server = TlsTestServer.start(ca.broken("localhost").with(fault))) {
            MyClient client = new MyClient(ca);

            assertThatThrownBy(() -> client.get(server.uri())).isInstanceOf(SSLException.class);
        }
    }
    // GUIDE: end

    // GUIDE: revocation
    @Test
    void theServerStaplesThatItsCertificateWasRevoked(TestCa ca, RevocationServer revocation) throws Exception {
        Credential credential =
                ca.leaf("app.example.com").revocation(revocation).mustStaple().issue();
        ca.revoke(credential.leaf(), CRLReason.KEY_COMPROMISE);

        try (TlsTestServer server = TlsTestServer.start(credential)) {
            TlsProbe.builder()
                    .serverName("app.example.com")
                    .trustEverything()
                    .build()
                    .probe(server.address())
                    .requireStaple(OcspStaple.Status.REVOKED);
        }
    }
    // GUIDE: end

    // GUIDE: clients
    @Test
    void theServerKnowsItsClients(TestCa ca) throws Exception {
        CertificateMaterial server = CertificateMaterial.of(ca.issue("app.example.com"));
        CertificateMaterial alice = ca.issueClient("alice");
        CertificateMaterial mallory = TestCa.create().issueClient("mallory");
        try (TlsTestServer started =
                TlsTestServer.builder(server).requireClientCertificate(ca).start()) {
            TlsProbe.builder()
                    .serverName("app.example.com")
                    .trust(ca)
                    .clientCertificate(alice)
                    .build()
                    .probe(started.address())
                    .requireCompleted();
            TlsProbe.builder()
                    .serverName("app.example.com")
                    .trust(ca)
                    .clientCertificate(mallory)
                    .build()
                    .probe(started.address())
                    .requireOutcome(ProbeOutcome.ALERT);

            assertThat(started.awaitHandshake(Duration.ofSeconds(10)).clientChain())
                    .isEqualTo(alice.chain());
        }
    }
    // GUIDE: end

    // GUIDE: acme
    @Test
    void theClientOrdersOnceAndGetsItsCertificate(AcmeTestServer acme) throws Exception {
        try (MyAcmeClient client = MyAcmeClient.of(acme)) {
            client.obtain("shop.test");

            assertThat(acme.requireOneOrder("shop.test").status()).isEqualTo(OrderStatus.VALID);
            assertThat(acme.awaitCertificate("shop.test", Duration.ofSeconds(10)))
                    .isEqualTo(client.certificate());
            assertThat(acme.exchanges(AcmeResource.NEW_ACCOUNT)).hasSize(1);
        }
    }
    // GUIDE: end

    // GUIDE: faults
    @Test
    void theClientCopesWithWhatCasDo(AcmeTestServer acme) throws Exception {
        acme.inject(AcmeFault.badNonce().on(AcmeResource.NEW_ORDER).times(2));
        acme.inject(AcmeFault.processingFor(3));
        acme.inject(AcmeFault.refusedChallenge("caa", "CAA record for shop.test prevents issuance")
                .forName("shop.test"));
        try (MyAcmeClient client = MyAcmeClient.of(acme)) {
            client.obtain("app.test");
            assertThatThrownBy(() -> client.obtain("shop.test")).hasMessageContaining("CAA record");
        }
        assertThat(acme.pendingFaults()).isZero();
    }
    // GUIDE: end

    // GUIDE: limits
    @Test
    void theClientComesBackWhenTheCaHasHadEnough() throws Exception {
        AcmeRateLimits limits = AcmeRateLimits.none().certificatesPerRegisteredDomain(1, Duration.ofDays(7));
        try (AcmeTestServer acme = AcmeTestServer.builder().rateLimits(limits).start();
                MyAcmeClient client = MyAcmeClient.of(acme)) {
            client.obtain("a.example.com");
            assertThatThrownBy(() -> client.obtain("b.example.com"))
                    .hasMessageContaining("too many certificates (1) already issued for \"example.com\"");

            acme.moveClock(Duration.ofDays(7));
            client.obtain("b.example.com");
        }
    }
    // GUIDE: end

    // GUIDE: dns
    @Test
    void theClientWaitsUntilAllNameServersKnowTheRecord() throws Exception {
        try (TestDns dns = TestDns.builder().servers(2).zone("example.com").start();
                AcmeTestServer acme = AcmeTestServer.builder()
                        .challenges(AcmeChallenge.DNS_01)
                        .dns(dns)
                        .start()) {
            dns.server(2).freeze();
            MyDnsClient client = new MyDnsClient(acme, dns);

            CompletableFuture<X509Certificate> certificate = client.obtain("app.example.com");
            dns.awaitQueries(query -> query.server() == 2 && query.type().equals("TXT"), 2, Duration.ofSeconds(10));
            assertThat(acme.statistics().validations()).isZero();

            dns.server(2).catchUp();
            assertThat(certificate.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }
    // GUIDE: end

    @Test
    void everyExampleOfTheGuideIsCodeThatRunsHere() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String source = Files.readString(module.resolve("src/test/java/dev/gatehouse/testing/UserGuideTest.java"));
        Path page = module.resolveSibling("docs").resolve("testing.md");
        List<String> examples = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(result -> result.group(1))
                .toList();
        Matcher marked = Pattern.compile("    // GUIDE: \\w+\n(.*?)\n    // GUIDE: end", Pattern.DOTALL)
                .matcher(source);

        assertThat(marked.results().map(result -> result.group(1).stripIndent()))
                .hasSizeGreaterThan(5)
                .containsExactlyInAnyOrderElementsOf(examples);
    }

    /** A client of the reader's that proves names by DNS, and looks at every server before it says that it is ready. */
    private record MyDnsClient(AcmeTestServer acme, TestDns dns) {
        /** Not in the common pool: its only thread on a small machine is needed for what is waited for. */
        CompletableFuture<X509Certificate> obtain(String name) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return order(name);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    },
                    work -> new Thread(work, "my-dns-client").start());
        }

        private X509Certificate order(String name) throws Exception {
            Login login = new AccountBuilder()
                    .agreeToTermsOfService()
                    .useKeyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                    .createLogin(new Session(acme.directoryUri()));
            Order order = login.newOrder().domain(name).create();
            Dns01Challenge challenge = order.getAuthorizations()
                    .get(0)
                    .findChallenge(Dns01Challenge.class)
                    .orElseThrow();
            String record = "_acme-challenge." + name;
            dns.add(DnsRecord.txt(record, challenge.getDigest()));
            for (TestDnsServer server : dns.servers()) {
                await().until(() -> !DnsLookup.at(server.address())
                        .answers(record, Type.TXT)
                        .isEmpty());
            }
            challenge.trigger();
            Acme4jClient.awaitNotPending(order);
            order.execute(KeyAlgorithm.EC_P256.generateKeyPair());
            return Acme4jClient.awaitStatus(order, Set.of(Status.VALID, Status.INVALID))
                    .getCertificate()
                    .getCertificate();
        }
    }

    /** A server of the reader's. */
    private record MyServer(TlsTestServer server) implements AutoCloseable {
        static MyServer serving(Credential credential) {
            return new MyServer(TlsTestServer.builder(CertificateMaterial.of(credential))
                    .applicationProtocols("h2", "http/1.1")
                    .parameters(parameters ->
                            parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("app\\.example\\.com"))))
                    .start());
        }

        InetSocketAddress address() {
            return server.address();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A client of the reader's. */
    private static final class MyClient {
        private final HttpClient http;

        MyClient(TestCa ca) {
            http = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
        }

        String get(URI uri) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
