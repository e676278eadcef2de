package dev.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.junit.GatehouseExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples in the documentation of the ACME server, which are copied from here. */
@Timeout(60)
class JavadocExamplesTest {

    @RegisterExtension
    static final GatehouseExtension GATEHOUSE = GatehouseExtension.builder()
            .acme(AcmeTestServerBuilder::reuseAuthorizations)
            .build();

    @Test
    void servesAClient() throws Exception {
        try (AcmeTestServer acme = AcmeTestServer.start();
                MyAcmeClient client = MyAcmeClient.of(acme)) {
            client.obtain("shop.test");

            assertThat(acme.requireOneOrder("shop.test").status()).isEqualTo(OrderStatus.VALID);
            assertThat(acme.issuedCertificates()).hasSize(1);
        }
    }

    @Test
    void meetsRequestsWithFaults(AcmeTestServer server) {
        server.inject(AcmeFault.badNonce());
        server.inject(AcmeFault.rateLimited(Duration.ofMinutes(5))
                .on(AcmeResource.NEW_ORDER)
                .times(2));
        server.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));
        server.inject(AcmeFault.delayedBy(Duration.ofMillis(200))
                .and(AcmeFault.serverError())
                .on(AcmeResource.ORDER));

        assertThat(server.pendingFaults()).isEqualTo(4);
    }

    @Test
    void meetsOrdersWithFaults(AcmeTestServer server) {
        server.inject(AcmeFault.refusedChallenge("caa", "CAA record for shop.test prevents issuance")
                .forName("shop.test"));
        server.inject(AcmeFault.processingFor(3));
        server.inject(AcmeFault.wrongChain());

        assertThat(server.pendingFaults()).isEqualTo(3);
    }

    @Test
    void limitsRates() throws Exception {
        AcmeRateLimits limits = AcmeRateLimits.none().certificatesPerRegisteredDomain(2, Duration.ofDays(7));
        try (AcmeTestServer acme = AcmeTestServer.builder().rateLimits(limits).start();
                MyAcmeClient client = MyAcmeClient.of(acme)) {
            client.obtain("a.example.com");
            client.obtain("b.example.com");
        }
    }

    @Test
    @SuppressWarnings("try") // The client that would ask the ACME server is left to the reader.
    void letsDnsServersDisagree() {
        String digest = "of a key authorization";
        try (TestDns dns = TestDns.builder().servers(2).zone("example.com").start();
                AcmeTestServer acme = AcmeTestServer.builder().dns(dns).start()) {
            dns.server(2).freeze();
            dns.add(DnsRecord.txt("_acme-challenge.app.example.com", digest));
            // A client of acme waits for the second server, until:
            dns.server(2).catchUp();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AcmeTestServer", "AcmeFault", "AcmeRateLimits", "TestDns", "package-info"})
    void everyExampleIsCodeThatRunsHere(String documented) throws IOException {
        Path module = Path.of("").toAbsolutePath();
        Path sources = module.resolve("src/main/java/dev/gatehouse/testing");
        String here = Files.readString(module.resolve("src/test/java/dev/gatehouse/testing/JavadocExamplesTest.java"));
        List<String> examples = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL)
                .matcher(Files.readString(sources.resolve(documented + ".java")))
                .results()
                .map(example -> words(example.group(1).replaceAll("(?m)^ \\* ?", "")))
                .filter(example -> example.contains("Acme"))
                .toList();

        assertThat(examples)
                .isNotEmpty()
                .allSatisfy(example -> assertThat(words(here)).contains(example));
    }

    /** Lines are broken at other places in a comment. */
    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }
}
