package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import dev.gatehouse.acme.dns.TsigKey.Algorithm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Dynamic updates, and propagation to a secondary, with real BIND 9 servers. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc2136DnsTest {

    private static final TsigKey KEY = TsigKey.of("sha256", Algorithm.HMAC_SHA256, Named.SECRET_256);

    private Named named;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        named = Named.primary(folder, Named.freePort());
    }

    @AfterAll
    void stop() {
        if (named != null) {
            named.close();
        }
    }

    @Test
    void oneOfTwoValuesIsRemoved() throws Exception {
        Rfc2136Dns provider = provider().key(KEY);
        provider.present(Records.at("_acme-challenge.two.example.test", 1));
        provider.present(Records.at("_acme-challenge.two.example.test", 2));
        provider.present(Records.at("_acme-challenge.two.example.test", 2));
        assertThat(values("_acme-challenge.two.example.test"))
                .containsExactlyInAnyOrder(
                        Records.at("x", 1).value(), Records.at("x", 2).value());

        provider.remove(Records.at("_acme-challenge.two.example.test", 1));
        provider.remove(Records.at("_acme-challenge.two.example.test", 1));

        assertThat(values("_acme-challenge.two.example.test"))
                .containsExactly(Records.at("x", 2).value());
    }

    @Test
    void sha512AndTcpAreTaken() throws Exception {
        Rfc2136Dns provider = provider()
                .key(TsigKey.of("sha512.", Algorithm.HMAC_SHA512, Named.SECRET_512))
                .tcp();

        provider.present(Records.at("_acme-challenge.tcp.example.test"));

        assertThat(values("_acme-challenge.tcp.example.test")).hasSize(1);
    }

    @Test
    void theDeepestZoneOfTheServerIsUpdated() throws Exception {
        provider().key(KEY).present(Records.at("_acme-challenge.a.b.sub.example.test"));

        assertThat(values("_acme-challenge.a.b.sub.example.test")).hasSize(1);
    }

    @Test
    void tcpIsTriedIfUdpDoesNotGetThrough() throws Exception {
        try (TcpRelay relay = new TcpRelay(named.address())) {
            Rfc2136Dns.at(relay.address()).key(KEY).present(Records.at("_acme-challenge.relay.example.test"));
        }

        assertThat(values("_acme-challenge.relay.example.test")).hasSize(1);
    }

    @Test
    void aWrongSecretIsExplained() {
        assertThat(failure(provider().key(TsigKey.of("sha256", Algorithm.HMAC_SHA256, Named.SECRET_512))))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessage("The RFC 2136 server " + shown()
                        + " does not take the signature (BADSIG): it has another secret"
                        + " for the key sha256 (hmac-sha256). Copy the secret from its key file.");
    }

    @Test
    void anUnknownKeyIsExplained() {
        assertThat(failure(provider().key(TsigKey.of("stranger", Algorithm.HMAC_SHA256, Named.SECRET_256))))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessageContaining(
                        "(BADKEY): it knows no key stranger (hmac-sha256). The name and the algorithm must be"
                                + " the same on both sides.");
        assertThat(failure(provider().key(TsigKey.of("sha256", Algorithm.HMAC_SHA512, Named.SECRET_256))))
                .hasMessageContaining("(BADKEY)");
    }

    @Test
    void clocksThatAreApartAreExplained() {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));

        assertThat(failure(provider().key(KEY).clock(ahead)))
                .returns(Reason.REFUSED, DnsProviderException::reason)
                .hasMessageContaining("(BADTIME): its clock shows 20")
                .hasMessageMatching(".* (599|600|601|602) s apart. Synchronise both clocks by NTP.");
    }

    @Test
    void aPolicyThatRefusesIsExplained() {
        assertThat(failure(provider().key(TsigKey.of("other", Algorithm.HMAC_SHA256, Named.SECRET_256))))
                .returns(Reason.CREDENTIALS, DnsProviderException::reason)
                .hasMessageContaining("answers REFUSED to an update of _acme-challenge.app.example.test in the zone"
                        + " example.test. Its policy does not permit the TSIG key other (hmac-sha256)");
        assertThat(failure(provider())).hasMessageContaining("does not permit updates without a key");
    }

    @Test
    void aNameInNoZoneOfTheServerIsExplained() {
        DnsProviderException failure = catchThrowableOfType(
                DnsProviderException.class,
                () -> provider().key(KEY).present(Records.at("_acme-challenge.example.com")));
        assertThat(failure)
                .returns(Reason.ZONE, DnsProviderException::reason)
                .hasMessage("The RFC 2136 server " + shown() + " is authoritative for no zone that"
                        + " _acme-challenge.example.com is in. Set the zone's primary server, or the zone by zone(…).");

        DnsProviderException configured = catchThrowableOfType(
                DnsProviderException.class,
                () -> provider().key(KEY).zone("example.com").present(Records.at("_acme-challenge.example.com")));
        assertThat(configured)
                .hasMessageContaining("answers NOTAUTH")
                .returns(Reason.ZONE, DnsProviderException::reason);

        DnsProviderException outside = catchThrowableOfType(
                DnsProviderException.class,
                () -> provider().zone("example.test").present(Records.at("_acme-challenge.example.com")));
        assertThat(outside).hasMessageContaining("is not in the zone example.test");
    }

    @Test
    void aServerThatIsNotThereIsExplained() throws Exception {
        int nobody = Named.freePort();
        DnsProviderException failure = catchThrowableOfType(
                DnsProviderException.class,
                () -> Rfc2136Dns.at("127.0.0.1:" + nobody)
                        .timeout(Duration.ofMillis(500))
                        .present(Records.at("_acme-challenge.app.example.test")));

        assertThat(failure)
                .returns(Reason.UNAVAILABLE, DnsProviderException::reason)
                .hasMessageStartingWith("The RFC 2136 server 127.0.0.1:" + nobody + " ")
                .hasMessageEndingWith("Check its address, and that this machine may reach it by UDP and TCP.");
    }

    @Test
    void aKeyFileOfTsigKeygenIsRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("key"),
                "key \"sha256\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + Named.SECRET_256 + "\";\n};\n");
        provider().key(TsigKey.read(file)).present(Records.at("_acme-challenge.file.example.test"));

        assertThat(TsigKey.read(file)).hasToString("sha256 (hmac-sha256)");
        Files.writeString(file, "key \"a\" { algorithm hmac-md5; secret \"" + Named.SECRET_256 + "\"; };");
        assertThatThrownBy(() -> TsigKey.read(file)).hasMessageContaining("'hmac-md5' is not taken");
        Files.writeString(file, "nothing");
        assertThatThrownBy(() -> TsigKey.read(file)).hasMessageContaining("has no TSIG key");
        assertThatThrownBy(() -> TsigKey.of("a", Algorithm.HMAC_SHA256, "%%%"))
                .hasMessage("TSIG key 'a': its secret is not base64. Copy it from the server's key file.");
        assertThatThrownBy(() -> TsigKey.of("a", Algorithm.HMAC_SHA256, "YWJj")).hasMessageContaining("3 bytes");
    }

    @Test
    void aRecordIsHandedOverWhenPrimaryAndSecondaryShowIt(@TempDir Path primaryFolder, @TempDir Path secondaryFolder)
            throws Exception {
        int port = Named.freePort();
        ExecutorService worker = Executors.newFixedThreadPool(2);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Named primary = Named.primary(primaryFolder, port);
                Named secondary = Named.secondary(secondaryFolder, Named.freePort(), port);
                UdpRelay atItsAddress = new UdpRelay(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.2"), port), secondary.address())) {
            Dns01 settings = Dns01.using(Rfc2136Dns.at(primary.address()).key(KEY))
                    .lookup(DnsLookup.byResolvers(List.of(primary.address())).authoritativePort(port))
                    .propagation(PropagationCheck.onAuthoritativeServers().interval(Duration.ofMillis(200)));
            Dns01Solver solver = Dns01Solver.builder(settings)
                    .worker(worker)
                    .timer((work, delay) -> timer.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS))
                    .random(new Random(1))
                    .build();

            Dns01Publication publication = SolverFixture.publish(solver, "*.example.test", 1);
            PropagationReport report = publication.ready().toCompletableFuture().get(60, TimeUnit.SECONDS);

            assertThat(report.zone()).isEqualTo("example.test");
            assertThat(report.answers())
                    .extracting(ServerAnswer::toString)
                    .containsExactly(
                            "ns1.example.test (127.0.0.1:" + port + ") shows the value",
                            "ns2.example.test (" + atItsAddress.address() + ") shows the value");
            assertThat(values(secondary.address(), "_acme-challenge.example.test"))
                    .containsExactly(SolverFixture.value(1));

            SolverFixture.get(publication.withdraw());
            assertThat(values(primary.address(), "_acme-challenge.example.test"))
                    .isEmpty();
        } finally {
            worker.shutdownNow();
            timer.shutdownNow();
        }
    }

    private Rfc2136Dns provider() {
        return Rfc2136Dns.at(named.address());
    }

    private String shown() {
        return "127.0.0.1:" + named.address().getPort();
    }

    private static DnsProviderException failure(Rfc2136Dns provider) {
        return catchThrowableOfType(
                DnsProviderException.class, () -> provider.present(Records.at("_acme-challenge.app.example.test")));
    }

    private List<String> values(String name) throws IOException {
        return values(named.address(), name);
    }

    private static List<String> values(InetSocketAddress server, String name) throws IOException {
        Message answer = new SimpleResolver(server)
                .send(Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), Type.TXT, DClass.IN)));
        return answer.getSection(Section.ANSWER).stream()
                .map(record -> ((TXTRecord) record).getStrings().get(0))
                .toList();
    }

    /** Carries TCP to another address; by UDP there is nobody. */
    private static final class TcpRelay implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        private final ExecutorService threads = Executors.newCachedThreadPool();

        TcpRelay(InetSocketAddress target) throws IOException {
            threads.execute(() -> {
                while (!listener.isClosed()) {
                    try {
                        var near = listener.accept();
                        var far = new Socket(target.getAddress(), target.getPort());
                        threads.execute(() -> carry(near, far));
                        threads.execute(() -> carry(far, near));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        private static void carry(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException ended) {
                // Both are closed now.
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            threads.shutdownNow();
        }
    }
}
