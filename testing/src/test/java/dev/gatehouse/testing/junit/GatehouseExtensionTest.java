package dev.gatehouse.testing.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.RevocationServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.TestDns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.challenge.Dns01Challenge;

/** Runs classes of tests as users write them. They are nested, private to this test, and no tests of their own. */
@Timeout(60)
class GatehouseExtensionTest {
    private static final List<TestCa> CAS = new CopyOnWriteArrayList<>();
    private static final List<URI> SERVERS = new CopyOnWriteArrayList<>();

    @Test
    void eachTestMethodHasItsOwnWithThoseAroundIt() {
        TestExecutionSummary summary = run(PerMethodCase.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
        assertThat(CAS).hasSize(2).doesNotHaveDuplicates();
        assertThat(SERVERS).hasSize(4).noneMatch(GatehouseExtensionTest::isUp);
    }

    @Test
    void aClassAndItsNestedClassesShareUntilTheEnd() {
        TestExecutionSummary summary = run(PerClassCase.class);

        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(3);
        assertThat(CAS).hasSize(5).allMatch(ca -> ca == CAS.get(0));
        assertThat(CAS.get(0).rootCertificate().getPublicKey().getAlgorithm()).isEqualTo("RSA");
        assertThat(SERVERS).hasSize(4).allMatch(server -> server.equals(SERVERS.get(0)));
        assertThat(SERVERS).noneMatch(GatehouseExtensionTest::isUp);
    }

    @Test
    void constructorsOfClassesWithOneInstanceShare() {
        TestExecutionSummary summary = run(OneInstanceCase.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(CAS).hasSize(2).allMatch(ca -> ca == CAS.get(0));
    }

    @Test
    void methodsOutsideOfATestAreRefusedWithTheWayOut() {
        TestExecutionSummary summary = run(TooEarlyCase.class);

        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getException())
                        .hasMessageContaining("runs outside of a test method, but each test method has its own TestCa")
                        .hasMessageContaining("choose Lifetime.PER_CLASS"));
    }

    @Test
    void failingTestsCloseTheirServers() {
        TestExecutionSummary summary = run(FailingCase.class);

        assertThat(summary.getTestsFailedCount()).isEqualTo(1);
        assertThat(SERVERS).hasSize(1).noneMatch(GatehouseExtensionTest::isUp);
    }

    @Test
    void acmeServersAskTheDnsOfTheTestWhenItHasSettings() {
        TestExecutionSummary summary = run(DnsCase.class);

        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(SERVERS).hasSize(1).noneMatch(GatehouseExtensionTest::isUp);
    }

    @Test
    void refusesDoubleSettings() {
        assertThatThrownBy(() -> GatehouseExtension.builder().ca(TestCa::create).ca(TestCa::create))
                .hasMessage("ca was already set. Set it once.");
    }

    private static TestExecutionSummary run(Class<?> tests) {
        CAS.clear();
        SERVERS.clear();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }

    private static boolean isUp(URI server) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @ExtendWith(GatehouseExtension.class)
    static final class PerMethodCase {
        private TestCa before;

        @BeforeEach
        void setUp(TestCa ca) {
            before = ca;
        }

        @Test
        void first(TestCa ca, AcmeTestServer acme, RevocationServer revocation) {
            use(ca, acme, revocation);
        }

        @Test
        void second(TestCa ca, AcmeTestServer acme, RevocationServer revocation) {
            use(ca, acme, revocation);
        }

        private void use(TestCa ca, AcmeTestServer acme, RevocationServer revocation) {
            CAS.add(ca);
            SERVERS.addAll(List.of(acme.directoryUri(), revocation.ocspUri()));
            assertThat(ca).isSameAs(before).isSameAs(acme.ca());
            assertThat(ca.leaf("a.example.com").revocation(revocation).issue()).isNotNull();
            assertThat(SERVERS.subList(SERVERS.size() - 2, SERVERS.size())).allMatch(GatehouseExtensionTest::isUp);
        }
    }

    static final class DnsCase {
        @RegisterExtension
        static final GatehouseExtension GATEHOUSE = GatehouseExtension.builder()
                .dns(dns -> dns.zone("example.com"))
                .acme(acme -> acme.challenges(AcmeChallenge.DNS_01))
                .build();

        @Test
        void proves(AcmeTestServer acme, TestDns dns) throws Exception {
            SERVERS.add(URI.create("dns://127.0.0.1:" + dns.address().getPort()));
            assertThat(SERVERS).allMatch(GatehouseExtensionTest::isUp);
            new AccountBuilder()
                    .agreeToTermsOfService()
                    .useKeyPair(KeyAlgorithm.EC_P256.generateKeyPair())
                    .createLogin(new Session(acme.directoryUri()))
                    .newOrder()
                    .domain("app.example.com")
                    .create()
                    .getAuthorizations()
                    .get(0)
                    .findChallenge(Dns01Challenge.class)
                    .orElseThrow()
                    .trigger();

            dns.awaitQuery("_acme-challenge.app.example.com", "TXT", Duration.ofSeconds(10));
        }
    }

    static final class PerClassCase {
        @RegisterExtension
        static final GatehouseExtension GATEHOUSE = GatehouseExtension.builder()
                .lifetime(Lifetime.PER_CLASS)
                .ca(() -> TestCa.builder().keyAlgorithm(KeyAlgorithm.RSA_2048).build())
                .acme(acme -> acme.certificateLifetime(Duration.ofDays(6)))
                .build();

        @BeforeAll
        static void setUp(TestCa ca) {
            CAS.add(ca);
        }

        @AfterAll
        static void tearDown(TestCa ca, AcmeTestServer acme) {
            CAS.add(ca);
            SERVERS.add(acme.directoryUri());
            assertThat(isUp(acme.directoryUri())).isTrue();
        }

        @Test
        void first(TestCa ca, AcmeTestServer acme) {
            CAS.add(ca);
            SERVERS.add(acme.directoryUri());
        }

        @Nested
        class Inner {
            @Test
            void second(TestCa ca, AcmeTestServer acme) {
                CAS.add(ca);
                SERVERS.add(acme.directoryUri());
            }

            @Test
            void third(TestCa ca, AcmeTestServer acme) {
                CAS.add(ca);
                SERVERS.add(acme.directoryUri());
            }
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static final class OneInstanceCase {
        @RegisterExtension
        static final GatehouseExtension GATEHOUSE =
                GatehouseExtension.builder().lifetime(Lifetime.PER_CLASS).build();

        OneInstanceCase(TestCa ca) {
            CAS.add(ca);
        }

        @Test
        void only(TestCa ca) {
            CAS.add(ca);
        }
    }

    @ExtendWith(GatehouseExtension.class)
    static final class TooEarlyCase {
        @BeforeAll
        static void setUp(TestCa ca) {
            CAS.add(ca);
        }

        @Test
        void only() {}
    }

    @ExtendWith(GatehouseExtension.class)
    static final class FailingCase {
        @Test
        void only(AcmeTestServer acme) {
            SERVERS.add(acme.directoryUri());
            throw new IllegalStateException("on purpose");
        }
    }
}
