package dev.gatehouse.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.IssuanceRequest;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CertificateMetricsTest {

    private final TestCa ca = TestCa.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private CertificateManager manager;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        manager = CertificateManager.builder()
                .storage(FileStorage.at(folder))
                .issuer(new HalfBrokenIssuer())
                .onDemand(OnDemand.permittedBy(name -> !name.startsWith("stranger."))
                        .burst(3, Duration.ofHours(1))
                        .withoutPreflight())
                .build();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Issues for all names but those that begin with "bad". */
    private final class HalfBrokenIssuer implements Issuer {

        @Override
        public String identity() {
            return "half-broken";
        }

        @Override
        public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
            return request.subject().value().startsWith("bad")
                    ? CompletableFuture.failedFuture(new IssuanceException("The challenge failed.", null))
                    : CompletableFuture.completedFuture(
                            ca.issue(request.subject().value()));
        }
    }

    @Test
    void issuancesFailuresAndRefusalsAreCounted() {
        try (CertificateMetrics metrics = CertificateMetrics.bind(manager, registry)) {
            for (String name : new String[] {"a", "b", "bad", "stranger", "beyond-the-burst"}) {
                visit(name + ".example.com");
            }
            await().until(() -> counter("gatehouse.issuance.refusals", "by", "burst") == 1);

            assertThat(registry.get("gatehouse.issuance")
                            .tag("issuer", "half-broken")
                            .tag("kind", "issued")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(counter("gatehouse.issuance.failures", "step", "order")).isEqualTo(1);
            assertThat(counter("gatehouse.issuance.refusals", "by", "denied")).isEqualTo(1);
            assertThat(registry.get("gatehouse.permission.questions").counter().count())
                    .isEqualTo(5);
            assertThat(gauge("gatehouse.certificates", "state", "valid")).isEqualTo(2);
            assertThat(gauge("gatehouse.certificates", "state", "failing")).isEqualTo(1);
            assertThat(registry.get("gatehouse.certificates.earliest.expiry")
                            .gauge()
                            .value())
                    .isBetween(80 * 86_400.0, 91 * 86_400.0);
            assertThat(registry.get("gatehouse.events.lost").functionCounter().count())
                    .isZero();
            assertThat(metrics).isNotNull();
        }
        assertThat(registry.find("gatehouse.certificates").gauge()).isNull();
    }

    @Test
    void noTagHoldsAServerName() {
        try (CertificateMetrics metrics = CertificateMetrics.bind(manager, registry)) {
            visit("a.example.com");
            visit("bad.example.com");
            visit("stranger.example.com");
            await().until(() -> registry.find("gatehouse.issuance.refusals").counter() != null);

            assertThat(registry.getMeters())
                    .extracting(Meter::getId)
                    .flatExtracting(Meter.Id::getTags)
                    .extracting(Tag::getValue)
                    .noneMatch(value -> value.contains("example.com"));
            assertThat(metrics).isNotNull();
        }
    }

    private void visit(String name) {
        manager.resolve(ClientHello.of(ServerName.of(name)))
                .toCompletableFuture()
                .handle((credential, refusal) -> credential)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private double counter(String name, String tag, String value) {
        var counter = registry.find(name).tag(tag, value).counter();
        return counter == null ? 0 : counter.count();
    }

    private double gauge(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).gauge().value();
    }
}
