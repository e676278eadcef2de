package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.resolve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More certificates than may be in memory. */
@Timeout(60)
class MemoryBoundTest {

    @TempDir
    private Path folder;

    private ManagerFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatWasNotUsedForTheLongestTimeLeavesMemoryAndComesBackFromStorage() {
        CertificateManager manager =
                fixture.keep(fixture.builder(fixture.policy(true).burst(1_000, Duration.ofSeconds(1)))
                        .maxInMemory(3)
                        .build());
        Credential first = resolve(manager, "a.example.com").orElseThrow();
        for (String host : new String[] {"b", "c"}) {
            fixture.time.advance(Duration.ofSeconds(1));
            resolve(manager, host + ".example.com");
        }
        fixture.time.advance(Duration.ofSeconds(1));
        resolve(manager, "a.example.com");
        fixture.time.advance(Duration.ofSeconds(1));
        resolve(manager, "d.example.com");

        CertificateEvent.Evicted evicted = fixture.awaitEvent(CertificateEvent.Evicted.class);
        assertThat(evicted.name()).isEqualTo(ServerName.of("b.example.com"));
        assertThat(evicted.lastUse()).contains(fixture.time.instant().minusSeconds(3));
        assertThat(manager.status(ServerName.of("b.example.com")))
                .hasValueSatisfying(status -> assertThat(status.renewal()).isPresent());
        assertThat(resolve(manager, "a.example.com")).containsSame(first);

        assertThat(resolve(manager, "b.example.com")).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(4);
        await().until(() -> fixture.events(CertificateEvent.Evicted.class).size() == 2);
        assertThat(fixture.events(CertificateEvent.Loaded.class))
                .extracting(CertificateEvent.Loaded::name)
                .containsExactly(ServerName.of("b.example.com"));
        assertThat(manager.statuses(10)).hasSize(4);
    }
}
