package dev.gatehouse.examples.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.examples.proxy.config.ProxyConfiguration.CertificateSource;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration.ServiceSettings;
import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Target;
import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationFileTest {

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws IOException {
        ProxyConfiguration configuration = read("""
                on_demand_tls:
                  ask: http://localhost:3000/allow?token=1
                  interval: 500ms
                  burst: 7
                services:
                  frontend:
                    hosts: [App.example.com, "*.example.com"]
                    ssl: { certificate_pem: "-----BEGIN CERTIFICATE-----", private_key_pem: "-----BEGIN PRIVATE KEY-----" }
                    targets: [127.0.0.1:3001]
                    response_timeout: 1800
                    buffering: { responses: true, max_request_body: 600000000, max_response_body: 7_000_000, memory: 5_000_000 }
                  api:
                    host: api.example.com
                    path_prefix: /v1
                    strip_path_prefix: false
                    ssl: true
                    targets: "[::1]:3000"
                  tenants:
                    ssl: on_demand
                    targets: [localhost:8080]
                """);

        assertThat(configuration.onDemand()).hasValueSatisfying(onDemand -> {
            assertThat(onDemand.ask()).isEqualTo(URI.create("http://localhost:3000/allow?token=1"));
            assertThat(onDemand.interval()).contains(Duration.ofMillis(500));
            assertThat(onDemand.burst()).contains(7);
        });
        List<ServiceSettings> services = configuration.services();
        assertThat(services).extracting(ServiceSettings::name).containsExactly("frontend", "api", "tenants");
        ServiceSettings frontend = services.get(0);
        assertThat(frontend.hosts()).containsExactly("App.example.com", "*.example.com");
        assertThat(frontend.responseTimeout()).contains(Duration.ofMinutes(30));
        assertThat(frontend.buffering()).hasValueSatisfying(buffering -> {
            assertThat(buffering.requests()).isTrue();
            assertThat(buffering.responses()).isTrue();
            assertThat(buffering.maxRequestBody()).isEqualTo(600_000_000);
            assertThat(buffering.maxResponseBody()).isEqualTo(7_000_000);
            assertThat(buffering.memory()).contains(5_000_000L);
        });
        assertThat(frontend.certificate()).isInstanceOf(CertificateSource.Given.class);
        assertThat(frontend.certificate().toString()).isEqualTo("Given[PEM text]");
        assertThat(services.get(1).pathPrefixes()).containsExactly("/v1");
        assertThat(services.get(1).stripPathPrefix()).isFalse();
        assertThat(services.get(1).target()).isEqualTo(Target.of("[::1]:3000"));
        assertThat(services.get(2).certificate()).isInstanceOf(CertificateSource.OnDemandNames.class);
        assertThat(services.get(2).hosts()).isEmpty();
    }

    @Test
    void targetsAreReachedAsTheyAreWritten() throws IOException {
        TestCa ca = TestCa.create();
        CertificateMaterial client = ca.issueClient("gatehouse");
        Path caFile = Files.writeString(folder.resolve("ca.pem"), ca.rootPem());
        Path chain = Files.writeString(folder.resolve("client.pem"), client.certificatePem());
        Path key = Files.writeString(folder.resolve("client.key"), client.privateKeyPem());

        List<ServiceSettings> services = read("""
                services:
                  secure:
                    host: a.example.com
                    targets: [https://10.0.0.5:8443]
                    target_tls: { ca: %s, server_name: app.internal, certificate: %s, key: %s }
                  open:
                    host: b.example.com
                    targets: https://10.0.0.6
                    target_tls: { insecure: true }
                  local:
                    targets: [unix:/run/app.sock]
                """.formatted(caFile, chain, key)).services();

        assertThat(services.get(0).target())
                .isEqualTo(Target.of("https://10.0.0.5:8443")
                        .withTls(OriginTls.builder()
                                .trustedCertificates(caFile)
                                .serverName("app.internal")
                                .clientCertificate(chain, key)
                                .build()));
        assertThat(services.get(1).target().tls())
                .isEqualTo(OriginTls.builder().insecureWithoutVerification().build());
        assertThat(services.get(2).target()).isEqualTo(Target.ofUnixSocket(Path.of("/run/app.sock")));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("", ": is empty"),
                mistake("services: [", ": is not YAML"),
                mistake("services:\n  a: { target: x }\n", ":2:16: 'target' is not a key of service 'a'. Known keys: "),
                mistake("on_demand_tls: {}\nservices: {}\n", ":1:16: 'ask' is missing."),
                mistake("nothing: 1\n", "'nothing' is not a key of the file"),
                mistake("{}\n", "'services' is missing. Add at least one service"),
                mistake(
                        "services:\n  a:\n    host: x.test\n    hosts: [y.test]\n    targets: [a:1]\n",
                        ":4:12: 'hosts': stands beside 'host'"),
                mistake(
                        "services:\n  a:\n    host: x..test\n    targets: [a:1]\n",
                        ":3:11: 'host': Name 'x..test' has an empty label"),
                mistake("services:\n  a:\n    ssl: maybe\n    targets: [a:1]\n", ":3:10: 'ssl': 'maybe' is none of"),
                mistake("services:\n  a:\n    ssl: true\n    targets: [a:1]\n", "has no hosts to issue for"),
                mistake(
                        "services:\n  a:\n    host: '*.x.test'\n    ssl: true\n    targets: [a:1]\n",
                        "a wildcard host cannot be validated over HTTP"),
                mistake("services:\n  a:\n    targets: [a:1, b:2]\n", ":3:14: 'targets': has 2 elements"),
                mistake("services:\n  a:\n    targets: ['host:99999']\n", ":3:14: 'targets': "),
                mistake(
                        "services:\n  a:\n    targets: ['http://a/path']\n",
                        ":3:14: 'targets': target http://a/path: has a path (write http://a;"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n    target_tls: { insecure: true }\n",
                        ":4:17: 'target_tls': a:1 is reached in clear text. Write https:// or h2:// in 'targets'"),
                mistake(tls("insecure: true, ca: x"), ":4:29: 'insecure': stands beside 'ca'"),
                mistake(tls("ca: /absent.pem"), ":4:23: 'ca': /absent.pem cannot be read"),
                mistake(tls("ca: '-----BEGIN NOTHING-----'"), ":4:23: 'ca': "),
                mistake(tls("server_name: a b"), ":4:32: 'server_name': serverName a b: not a host name"),
                mistake(tls("certificate: /absent.pem"), "'key' is missing. Add the key of the certificate"),
                mistake(tls("key: /absent.key"), "'certificate' is missing. Add the chain of the key"),
                mistake(tls("cafile: x"), "'cafile' is not a key of target_tls. Known keys: "),
                mistake("services:\n  a: {}\n", "'targets' is missing"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n    response_timeout: soon\n",
                        ":4:23: 'response_timeout': 'soon' is not a duration"),
                mistake("services:\n  a:\n    targets: [a:1]\n    buffering: { memory: -1 }\n", "-1 is too small"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n    buffering: { max_response_body: 5 }\n",
                        "this limit needs buffering. Set responses: true"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n    buffering: { requests: false, responses: false, memory: 5 }\n",
                        ":4:61: 'memory': nothing is buffered that could need it. Set requests or responses to true"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n  a:\n    targets: [a:1]\n",
                        "'a' stands twice in services"),
                mistake(
                        "services:\n  a:\n    targets: [a:1]\n    ssl: { certificate_pem: /absent.pem, private_key_pem: env:NO_SUCH_NAME }\n",
                        "/absent.pem cannot be read"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneMessageWithItsPlaceAndARemedy(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(folder.resolve("gatehouse.yml").toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ConfigurationFile.read(folder.resolve("absent.yml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("absent.yml: cannot be read");
    }

    private static String tls(String section) {
        return "services:\n  a:\n    targets: ['https://a']\n    target_tls: { " + section + " }\n";
    }

    private static Arguments mistake(String text, String message) {
        return Arguments.of(text, message);
    }

    private ProxyConfiguration read(String text) throws IOException {
        return ConfigurationFile.read(Files.writeString(folder.resolve("gatehouse.yml"), text));
    }
}
