package dev.gatehouse.acme.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.LogCapture;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings, the journal, and what is said when dnsjava is missing. */
class DnsSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 53",
        "192.0.2.1:5353, 192.0.2.1, 5353",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1, 53",
        "[2001:db8::1]:5353, 2001:db8:0:0:0:0:0:1, 5353",
        "[2001:db8::1], 2001:db8:0:0:0:0:0:1, 53"
    })
    void resolversHavePorts(String text, String address, int port) {
        assertThat(DnsLookup.byResolvers(text).resolvers()).singleElement().satisfies(resolver -> {
            assertThat(resolver.getAddress().getHostAddress()).isEqualTo(address);
            assertThat(resolver.getPort()).isEqualTo(port);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dns.example.com", "192.0.2.1:99999", "192.0.2.1:x", ":53", "a b"})
    void whatIsNoAddressOfAResolverIsRefused(String text) {
        assertThatThrownBy(() -> DnsLookup.byResolvers(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Resolver '" + text + "' is not an");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        PropagationCheck check = PropagationCheck.onAuthoritativeServers();
        assertThatThrownBy(() -> check.interval(Duration.ofMillis(10))).hasMessageContaining("interval: PT0.01S");
        assertThatThrownBy(() -> check.timeout(Duration.ZERO)).hasMessageContaining("timeout: PT0S");
        assertThatThrownBy(() -> check.extraWait(Duration.ofSeconds(-1))).hasMessageContaining("wait: PT-1S");
        assertThatThrownBy(PropagationCheck::onServers).hasMessageContaining("servers: none");
        assertThatThrownBy(DnsLookup::byResolvers).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DnsLookup.bySystemResolvers().authoritativePort(0))
                .hasMessageContaining("port: 0");
        assertThatThrownBy(() -> DnsLookup.bySystemResolvers().queryTimeout(Duration.ofMinutes(1)))
                .hasMessageContaining("PT1M");
    }

    @Test
    void theValueIsTheDigestOfTheKeyAuthorization() {
        // RFC 8555, section 8.4: SHA-256 of the key authorization, base64url; computed by openssl.
        assertThat(Records.at("x", 1).value()).isEqualTo("bki_YFoUTEVGjdsNhJa--pqswatuO25EOu9DvF9ZvZo");
    }

    @Test
    void theJournalInAFolderOutlivesTheProcess(@TempDir Path folder) throws IOException {
        Path journalFolder = folder.resolve("a/b");
        ChallengeRecord first = Records.at("_acme-challenge.example.com", 1);
        ChallengeRecord second = Records.at("_acme-challenge.example.com", 2);
        Instant now = Instant.parse("2026-06-01T12:00:00Z");
        ChallengeJournal journal = ChallengeJournal.in(journalFolder);
        assertThat(journal.entries()).isEmpty();
        journal.add(first, now);
        journal.add(second, now);
        journal.add(second, now.plusSeconds(1));

        ChallengeJournal reopened = ChallengeJournal.in(journalFolder);
        assertThat(reopened.entries())
                .containsExactlyInAnyOrder(
                        new ChallengeJournal.Entry(first, now), new ChallengeJournal.Entry(second, now.plusSeconds(1)));
        reopened.remove(first);
        reopened.remove(first);
        assertThat(journal.entries()).extracting(ChallengeJournal.Entry::record).containsExactly(second);
    }

    @Test
    void aDamagedEntryIsNamedAndTheOthersAreRead(@TempDir Path folder) throws IOException {
        ChallengeJournal journal = ChallengeJournal.in(folder);
        journal.add(Records.at("_acme-challenge.example.com"), Instant.parse("2026-06-01T12:00:00Z"));
        Files.writeString(folder.resolve("damaged.dns01"), "name=a");
        Files.writeString(folder.resolve("large.dns01"), "x".repeat(10_000));

        try (LogCapture log = new LogCapture()) {
            assertThat(journal.entries()).hasSize(1);
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("is no journal entry of a DNS-01 record"));
        }
    }

    @Test
    void withoutDnsjavaItIsSaidWhatToAdd() throws Exception {
        try (NoDnsjava withoutDnsjava = new NoDnsjava()) {
            assertThat(withoutDnsjava.run("rfc2136"))
                    .isEqualTo("Dynamic DNS update (RFC 2136) needs dnsjava, which is not there. Add the dependency"
                            + " dnsjava:dnsjava (3.6 or later); in a modular program also 'requires org.dnsjava' or"
                            + " --add-modules org.dnsjava.");
            assertThat(withoutDnsjava.run("checked"))
                    .startsWith("DNS-01 with aliases followed or propagation checked needs dnsjava")
                    .endsWith(
                            "To go without both: withoutFollowingAliases() and propagation(PropagationCheck.none()).");
            assertThat(withoutDnsjava.run("unchecked")).isEqualTo("built");
        }
    }

    /** Runs in a class loader that does not find dnsjava. */
    public static final class Attempt {

        private Attempt() {}

        /** Returns what happens. */
        public static String run(String what) {
            try {
                if (what.equals("rfc2136")) {
                    return Rfc2136Dns.at("127.0.0.1").toString();
                }
                Dns01 checked = Dns01.using(CloudflareDns.withApiToken("token"));
                Dns01 unchecked = checked.withoutFollowingAliases().propagation(PropagationCheck.none());
                Dns01Solver.builder(what.equals("checked") ? checked : unchecked)
                        .worker(Runnable::run)
                        .timer((work, delay) -> {})
                        .build();
                return "built";
            } catch (IllegalStateException missing) {
                return missing.getMessage();
            }
        }
    }

    private static final class NoDnsjava extends URLClassLoader {

        NoDnsjava() {
            super(classPathWithoutDnsjava(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPathWithoutDnsjava() {
            List<String> entries = Arrays.stream(
                            System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.contains("dnsjava"))
                    .toList();
            return entries.stream()
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (MalformedURLException impossible) {
                            throw new IllegalStateException(impossible);
                        }
                    })
                    .toArray(URL[]::new);
        }

        String run(String what) throws Exception {
            return (String) loadClass(Attempt.class.getName())
                    .getMethod("run", String.class)
                    .invoke(null, what);
        }
    }
}
