package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners are told, and that they hold up nobody. */
@Timeout(60)
class EventsTest {

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
    void aListenerThatThrowsDisturbsNobody() {
        CertificateManager manager = fixture.permitting();
        CertificateManager.Subscription broken = manager.listen(event -> {
            throw new IllegalStateException("listener is broken");
        });
        List<CertificateEvent> heard = new CopyOnWriteArrayList<>();
        manager.listen(heard::add);
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager, "app.example.com")).isPresent();

            await().until(() -> heard.stream().anyMatch(CertificateEvent.Issued.class::isInstance));
            assertThat(log.lines()).anyMatch(line -> line.startsWith("ERROR app.example.com: a listener failed on "));
        }
        broken.close();
    }

    @Test
    void aListenerThatHangsHoldsUpNoHandshakeAndLosesEventsThatAreCounted() throws Exception {
        CertificateManager manager = fixture.manager(fixture.policy(true).burst(1, Duration.ofHours(1)));
        CountDownLatch hanging = new CountDownLatch(1);
        manager.listen(event -> {
            try {
                hanging.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        try (LogCapture log = new LogCapture()) {
            assertThat(resolve(manager, "app.example.com")).isPresent();
            for (int i = 0; i < 4_000; i++) {
                resolve(manager, "tenant-" + i + ".example.com");
            }

            await().until(() -> manager.statistics().lostEvents() > 0);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("listeners are too slow"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("Do long work elsewhere."));
            hanging.countDown();
            await().untilAsserted(
                            () -> assertThat(log.lines()).anyMatch(line -> line.contains("Listeners have caught up")));
        }
    }

    @Test
    void aListenerIsToldNoMoreAfterItsSubscriptionIsClosed() {
        CertificateManager manager = fixture.permitting();
        List<CertificateEvent> heard = new CopyOnWriteArrayList<>();
        manager.listen(heard::add).close();

        resolve(manager, "app.example.com");

        fixture.awaitEvent(CertificateEvent.Issued.class);
        assertThat(heard).isEmpty();
    }

    @Test
    void linesAboutInventedNamesAreLimited() {
        CertificateManager manager = fixture.manager(fixture.policy(false));
        try (LogCapture log = new LogCapture()) {
            List<CompletableFuture<?>> strangers = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 300; i++) {
                strangers.add(start(manager, "stranger-" + i + ".test"));
            }
            await().until(() -> strangers.stream().allMatch(CompletableFuture::isDone));
            assertThat(log.lines()).hasSize(100);

            fixture.time.advance(Duration.ofSeconds(10));
            resolve(manager, "one-more.test");
            assertThat(log.lines())
                    .hasSize(102)
                    .contains("WARN 200 more names were refused whose lines were left out.");
        }
    }
}
