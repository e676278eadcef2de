package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import dev.gatehouse.acme.dns.TsigKey.Algorithm;
import dev.gatehouse.testing.DnsRecord;
import dev.gatehouse.testing.TestDns;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/dns.md, which are copied from here. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class DnsGuideTest {

    @TempDir
    private Path folder;

    @Test
    void providers() throws IOException {
        assertThat(cloudflare("token").providerFor("_acme-challenge.example.com"))
                .hasToString("Cloudflare");
        Path key = Files.writeString(
                folder.resolve("acme.key"),
                "key \"acme\" { algorithm hmac-sha256; secret \"" + Named.SECRET_256 + "\"; };");
        assertThat(rfc2136(key).providerFor("x")).hasToString("RFC 2136 server ns1.example.com:53");
        assertThat(rfc2136WithSecret(Named.SECRET_256).providerFor("x")).hasToString("RFC 2136 server 192.0.2.53:5353");
        assertThat(webhook("secret").providerFor("x")).hasToString("DNS webhook https://dns-gateway.example.com/acme");
        Path program = Files.writeString(folder.resolve("dns-hook"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        assertThat(command(program).providerFor("x")).hasToString("DNS command " + program);
        DnsProvider other = webhookProvider();
        assertThat(zones(webhookProvider(), other).providerFor("a.internal.example.com"))
                .isSameAs(other);
        assertThat(check(webhookProvider()).propagation().extraWait()).isEqualTo(Duration.ofSeconds(20));
        assertThat(certainServers(webhookProvider()).propagation().servers()).hasSize(2);
        assertThat(fixedName(webhookProvider()).recordName()).contains("challenges.example.net");
    }

    private static Dns01 cloudflare(String token) {
        // GUIDE: cloudflare
        Dns01 dns = Dns01.using(CloudflareDns.withApiToken(token));
        // GUIDE: end
        return dns;
    }

    private static Dns01 rfc2136(Path keyFile) throws IOException {
        // GUIDE: rfc2136
        Dns01 dns = Dns01.using(Rfc2136Dns.at("ns1.example.com").key(TsigKey.read(keyFile)));
        // GUIDE: end
        return dns;
    }

    private static Dns01 rfc2136WithSecret(String secret) {
        // GUIDE: rfc2136 with a secret
        Dns01 dns = Dns01.using(Rfc2136Dns.at("192.0.2.53:5353")
                .key(TsigKey.of("acme", Algorithm.HMAC_SHA512, secret))
                .zone("example.com")
                .tcp());
        // GUIDE: end
        return dns;
    }

    private static Dns01 webhook(String password) {
        // GUIDE: webhook
        Dns01 dns = Dns01.using(WebhookDns.at(URI.create("https://dns-gateway.example.com/acme"))
                .basicAuthentication("gatehouse", password));
        // GUIDE: end
        return dns;
    }

    private static Dns01 command(Path program) {
        // GUIDE: command
        Dns01 dns = Dns01.using(CommandDns.running(program)
                .environment("DNS_ZONE", "example.com")
                .timeout(Duration.ofSeconds(30)));
        // GUIDE: end
        return dns;
    }

    private static Dns01 zones(DnsProvider publicZones, DnsProvider internalZone) {
        // GUIDE: zones
        Dns01 dns = Dns01.using(publicZones).forZone("internal.example.com", internalZone);
        // GUIDE: end
        return dns;
    }

    private static Dns01 check(DnsProvider provider) {
        // GUIDE: check
        Dns01 dns = Dns01.using(provider)
                .lookup(DnsLookup.byResolvers("10.0.0.2", "10.0.0.3:5353"))
                .propagation(PropagationCheck.onAuthoritativeServers()
                        .timeout(Duration.ofMinutes(5))
                        .extraWait(Duration.ofSeconds(20)));
        // GUIDE: end
        return dns;
    }

    private static Dns01 certainServers(DnsProvider provider) {
        // GUIDE: certain servers
        Dns01 dns = Dns01.using(provider).propagation(PropagationCheck.onServers("10.0.0.2", "10.0.0.3"));
        // GUIDE: end
        return dns;
    }

    private static Dns01 fixedName(DnsProvider provider) {
        // GUIDE: fixed name
        Dns01 dns = Dns01.using(provider).recordName("challenges.example.net");
        // GUIDE: end
        return dns;
    }

    private static DnsProvider webhookProvider() {
        return WebhookDns.at(URI.create("http://localhost/"));
    }

    /** The reader's DNS service. */
    private record ZoneService(TestDns dns) {

        void addText(String name, String value) {
            dns.add(DnsRecord.txt(name, value));
        }

        void removeText(String name, String value) throws IOException {
            dns.remove(DnsRecord.txt(name, value));
        }
    }

    // GUIDE: own provider
    private record OwnDns(ZoneService zones) implements DnsProvider {

        @Override
        public void present(ChallengeRecord record) {
            zones.addText(record.name(), record.value());
        }

        @Override
        public void remove(ChallengeRecord record) throws DnsProviderException {
            try {
                zones.removeText(record.name(), record.value());
            } catch (IOException failure) {
                throw DnsProviderException.unavailable("The zone service failed: " + failure + ".", failure);
            }
        }
    }
    // GUIDE: end

    @Test
    void ownProviderAndSolver() throws Exception {
        try (SolverFixture fixture = new SolverFixture(TestDns.start("example.com"))) {
            Dns01 dns =
                    Dns01.using(new OwnDns(new ZoneService(fixture.dns))).lookup(fixture.lookup(fixture.dns.address()));

            String outcome = answer(
                            dns,
                            folder,
                            fixture.worker,
                            fixture.timer,
                            "example.com",
                            SolverFixture.TOKEN,
                            SolverFixture.KEY_AUTHORIZATION)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(outcome).isEqualTo("valid");
        }
    }

    private CompletionStage<String> answer(
            Dns01 dns,
            Path folder,
            Executor worker,
            IssuanceContext.Timer timer,
            String domain,
            String token,
            String keyAuthorization) {
        // GUIDE: solver
        Dns01Solver solver = Dns01Solver.builder(dns)
                .worker(worker)
                .timer(timer)
                .journal(ChallengeJournal.in(folder))
                .build();
        solver.removeLeftovers(Duration.ofHours(1));

        Dns01Publication publication = solver.publish(domain, token, keyAuthorization);
        CompletionStage<String> outcome = publication
                .ready()
                .thenCompose(report -> letTheCertificateAuthorityLook())
                .whenComplete((status, failure) -> publication.withdraw());
        // GUIDE: end
        return outcome;
    }

    private static CompletionStage<String> letTheCertificateAuthorityLook() {
        return CompletableFuture.completedStage("valid");
    }

    /** The page shows a report in the form that it has. */
    @Test
    void theReportOfThePageIsOne() throws IOException {
        ChallengeRecord record = Records.at("_acme-challenge.app.example.com");
        PropagationReport report = new PropagationReport(
                record,
                "example.com",
                List.of(
                        answer("ns1.example.com", "192.0.2.1:53", ServerAnswer.Verdict.SHOWS_VALUE, List.of(), ""),
                        answer(
                                "ns1.example.com",
                                "[2001:db8::1]:53",
                                ServerAnswer.Verdict.UNREACHABLE,
                                List.of(),
                                "Network is unreachable"),
                        answer(
                                "ns2.example.com",
                                "192.0.2.2:53",
                                ServerAnswer.Verdict.OTHER_VALUES,
                                List.of("gfj9Xq...Rg85nM"),
                                ""),
                        answer("ns3.example.net", "198.51.100.3:53", ServerAnswer.Verdict.NO_NAME, List.of(), ""),
                        answer(
                                "ns4.example.net",
                                "198.51.100.4:53",
                                ServerAnswer.Verdict.FAILURE,
                                List.of(),
                                "SERVFAIL"),
                        answer("ns5.example.net", "198.51.100.5:53", ServerAnswer.Verdict.TIMED_OUT, List.of(), "")),
                61,
                Duration.ofMinutes(2));

        assertThat(Files.readString(page())).contains("They said:" + report);
        assertThat(report.missing()).hasSize(4);
        assertThat(Reason.values()).hasSize(5);
    }

    private static ServerAnswer answer(
            String server, String address, ServerAnswer.Verdict verdict, List<String> values, String detail) {
        return new ServerAnswer(server, address, verdict, values, detail);
    }

    @Test
    void everyExampleOfTheGuideIsCodeThatRunsHere() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/gatehouse/acme/dns/DnsGuideTest.java"));
        List<String> examples = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(page()))
                .results()
                .map(result -> result.group(1))
                .toList();
        Matcher marked = Pattern.compile(" // GUIDE: [\\w ]+\n(.*?)\n *// GUIDE: end", Pattern.DOTALL)
                .matcher(source);

        assertThat(marked.results().map(result -> result.group(1).stripIndent()))
                .hasSizeGreaterThan(8)
                .containsExactlyInAnyOrderElementsOf(examples);
    }

    private static Path page() {
        return Path.of("").toAbsolutePath().resolveSibling("docs").resolve("dns.md");
    }
}
