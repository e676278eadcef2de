package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.CertificateStatus.State;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a manager says about its names, and what it says for people who look after it. */
@Timeout(60)
class StatusTest {

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
    void aNameThatIsServed() {
        CertificateManager manager = fixture.permitting();
        Credential issued = resolve(manager, "app.example.com").orElseThrow();
        fixture.time.advance(Duration.ofHours(1));
        resolve(manager, "app.example.com");
        Instant lastUse = fixture.time.instant();
        fixture.time.advance(Duration.ofHours(1));

        assertThat(status(manager, "app.example.com")).satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.VALID);
            assertThat(status.issuer()).contains("fake");
            assertThat(status.notAfter()).contains(issued.notAfter());
            assertThat(status.renewal()).hasValueSatisfying(renewal -> {
                assertThat(renewal.at())
                        .isBetween(
                                issued.notAfter().minus(Duration.ofDays(34)),
                                issued.notAfter().minus(Duration.ofDays(29)));
                assertThat(renewal.reason()).isEqualTo("a third of its lifetime is left");
            });
            assertThat(status.lastError()).isEmpty();
            assertThat(status.nextTry()).isEmpty();
            assertThat(status.lastUse()).contains(lastUse);
        });
        assertThat(manager.status(ServerName.of("unknown.example.com"))).isEmpty();
        assertThat(manager.health().isGood()).isTrue();
        assertThat(manager.health().summary()).isEqualTo("1 certificates are valid.");
    }

    @Test
    void aNameOnItsWayThenFailingThenServed() {
        CertificateManager manager = fixture.permitting();
        CompletableFuture<Void> gate = fixture.issuer.hold();
        fixture.issuer.failNext(new IssuanceException("The challenge failed. Mend it.", null));
        var handshake = start(manager, "app.example.com");
        await().until(() -> fixture.issuer.orders() == 1);
        assertThat(status(manager, "app.example.com").state()).isEqualTo(State.ON_ITS_WAY);

        gate.complete(null);
        ManagerFixture.join(handshake);
        assertThat(status(manager, "app.example.com")).satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.FAILING);
            assertThat(status.lastError()).contains("The challenge failed. Mend it.");
            assertThat(status.nextTry())
                    .hasValueSatisfying(next -> assertThat(next).isAfter(fixture.time.instant()));
            assertThat(status.lastUse()).contains(fixture.time.instant());
        });
        assertThat(manager.health().problems())
                .containsExactly("1 name has no certificate (app.example.com): The challenge failed. Mend it.");

        fixture.time.advance(Duration.ofMinutes(2));
        await().until(() -> status(manager, "app.example.com").state() == State.VALID);
        assertThat(status(manager, "app.example.com").lastError()).isEmpty();
    }

    @Test
    void aStrangerIsRefusedAndNoProblem() {
        CertificateManager manager = fixture.manager(fixture.policy(false));
        resolve(manager, "stranger.test");

        assertThat(status(manager, "stranger.test")).satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.REFUSED);
            assertThat(status.lastError()).contains("refused by PERMISSION: the application does not permit it.");
            assertThat(status.nextTry()).contains(fixture.time.instant().plusSeconds(60));
        });
        assertThat(manager.health().isGood()).isTrue();
    }

    @Test
    void certificatesThatCannotBeRenewedAreOneSentence() {
        CertificateManager manager = fixture.permitting();
        Credential issued = resolve(manager, "a.example.com").orElseThrow();
        resolve(manager, "b.example.com");
        resolve(manager, "c.example.com");
        resolve(manager, "d.example.com");
        fixture.issuer.fail(name -> !name.value().startsWith("d."));
        fixture.time.advance(
                Duration.between(fixture.time.instant(), issued.notAfter()).plusSeconds(1));
        for (String host : List.of("a", "b", "c", "d")) {
            resolve(manager, host + ".example.com");
        }

        assertThat(status(manager, "a.example.com").state()).isEqualTo(State.EXPIRED);
        assertThat(manager.health().summary())
                .isEqualTo("3 certificates expire within 7 days and cannot be renewed (a.example.com, b.example.com,"
                        + " c.example.com): The challenge failed. Mend it.");
        assertThat(manager.health().certificates()).isEqualTo(1);
        assertThat(manager.statistics().byState())
                .containsEntry(State.EXPIRED, 3)
                .containsEntry(State.VALID, 1)
                .containsEntry(State.FAILING, 0);
    }

    @Test
    void allNamesAreSeenPageByPage() {
        CertificateManager manager = fixture.permitting();
        fixture.issuer.fail(name -> name.value().startsWith("bad-"));
        for (int i = 0; i < 15; i++) {
            resolve(manager, "bad-" + i + ".example.com");
            resolve(manager, "good-" + i + ".example.com");
        }

        List<CertificateStatus> all = new ArrayList<>(manager.statuses(7));
        for (List<CertificateStatus> page = all; !page.isEmpty(); ) {
            page = manager.statusesAfter(all.get(all.size() - 1).name(), 7);
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            all.addAll(page);
        }

        assertThat(all).hasSize(30);
        assertThat(all).extracting(CertificateStatus::name).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() -> manager.statuses(0)).hasMessage("limit: 0 (expected: 1 to 10000)");
    }

    private static CertificateStatus status(CertificateManager manager, String name) {
        return manager.status(ServerName.of(name)).orElseThrow();
    }
}
