package dev.gatehouse.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user of the command sees: exit code, and one line that says what to do. */
@Timeout(60)
class GatehouseTest {

    @TempDir
    private Path folder;

    @Test
    void theDemonstrationGoesRight() {
        Invocation outcome = Invocation.of("demo", "--once", "--http-port", "0", "--https-port", "0");

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .containsSubsequence(
                        "1. A visitor comes to https://alpha.tenants.test/",
                        "asked       may alpha.tenants.test have a certificate?",
                        "permitted",
                        "ordered",
                        "challenged",
                        "answered",
                        "issued      in ",
                        "served      in ",
                        "Hello from the shop service, here is https://alpha.tenants.test/",
                        "Hello from the api service, here is https://alpha.tenants.test/status",
                        "asked       may stranger.example.test have a certificate?",
                        "refused     stranger.example.test",
                        "unrecognized_name",
                        "1 in all, none for the stranger");
    }

    @Test
    void aPortInUseIsNamedWithItsRemedy() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Invocation outcome = Invocation.of(
                    "demo", "--once", "--http-port", "0", "--https-port", String.valueOf(taken.getLocalPort()));

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.errors())
                    .startsWith("gatehouse: Cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose another with --https-port")
                    .hasLineCount(1);
        }
    }

    @Test
    void aWrongCommandLineIsAUsageError() {
        assertThat(Invocation.of("run").exitCode()).isEqualTo(2);
        assertThat(Invocation.of("run").errors()).contains("Missing required option: '--config=FILE'");
        assertThat(Invocation.of("fly").exitCode()).isEqualTo(2);
        assertThat(Invocation.of().exitCode()).isEqualTo(2);
    }

    @Test
    void aMissingConfigurationIsOneLine() {
        Invocation outcome = run("absent.yml");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("absent.yml: cannot be read").hasLineCount(1);
    }

    @Test
    void aCertificateThatDoesNotCoverTheHostIsExplained() throws IOException {
        var credential = TestCa.create().issue("*.example.com");
        Files.writeString(
                folder.resolve("c.pem"), Pem.encode(credential.chain()) + Pem.encode(credential.privateKey()));
        config("""
                services:
                  deep:
                    host: a.b.example.com
                    ssl: { certificate_pem: %1$s/c.pem, private_key_pem: %1$s/c.pem }
                    targets: [127.0.0.1:1]
                """.formatted(folder));

        Invocation outcome = run("gatehouse.yml");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .contains("service 'deep': the certificate " + folder + "/c.pem does not fit host a.b.example.com.")
                .contains("`*.example.com` covers one label; `a.b.example.com` is two below")
                .contains("Add `*.b.example.com`")
                .hasLineCount(1);
    }

    @Test
    void onDemandWithoutAnAskHookIsRefused() throws IOException {
        config("services:\n  t:\n    ssl: on_demand\n    targets: [127.0.0.1:1]\n");

        Invocation outcome = run("gatehouse.yml");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .contains("nobody permits its names. Add an 'on_demand_tls' section with 'ask', or --ask.");
    }

    @Test
    void servicesThatClaimTheSamePlaceAreBothNamed() throws IOException {
        config(
                "services:\n  one:\n    host: x.test\n    targets: [a:1]\n  two:\n    host: X.test.\n    targets: [a:2]\n");

        Invocation outcome = run("gatehouse.yml");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors())
                .contains("one")
                .contains("two")
                .contains("x.test")
                .hasLineCount(1);
    }

    @Test
    void halfOfAnExternalAccountIsRefused() throws IOException {
        config("services:\n  one:\n    host: x.test\n    targets: [a:1]\n");

        assertThat(run("gatehouse.yml", "--acme-eab-kid", "kid-1").errors())
                .isEqualToIgnoringNewLines("gatehouse: --acme-eab-kid and --acme-eab-hmac go together, and one of them"
                        + " is missing. Give both or none.");
        assertThat(run("gatehouse.yml", "--acme-eab-kid", "kid-1", "--acme-eab-hmac", "no base64url!")
                        .errors())
                .startsWith("gatehouse: ")
                .contains("base64url")
                .doesNotContain("no base64url!")
                .hasLineCount(1);
    }

    private void config(String text) throws IOException {
        Files.writeString(folder.resolve("gatehouse.yml"), text);
    }

    private Invocation run(String config, String... options) {
        List<String> arguments = new ArrayList<>(List.of("run", "--bind", "127.0.0.1", "--http-port", "0"));
        arguments.addAll(List.of(
                "--https-port", "0", "--state-dir", folder.resolve("state").toString()));
        arguments.addAll(List.of("--config", folder.resolve(config).toString()));
        arguments.addAll(List.of(options));
        return Invocation.of(arguments.toArray(String[]::new));
    }
}
