package dev.gatehouse.acme;

import static dev.gatehouse.acme.ManagerFixture.refusal;
import static dev.gatehouse.acme.ManagerFixture.resolve;
import static dev.gatehouse.acme.ManagerFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.tls.Credential;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making and closing a manager. */
@Timeout(60)
class LifecycleTest {

    private static final String NAME = "app.example.com";

    @TempDir
    private Path folder;

    private ManagerFixture fixture;
    private StorageDouble storage;

    @BeforeEach
    void open() {
        fixture = new ManagerFixture(folder);
        storage = new StorageDouble(FileStorage.at(folder));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void makingOneTouchesNoStorage() {
        storage.down(true);
        fixture.keep(fixture.builder(fixture.policy(true), storage).build());

        assertThat(storage.calls()).isZero();
    }

    @Test
    void closingRefusesThoseWhoWaitAtOnceAndServesOnFromMemory() {
        CertificateManager manager = fixture.keep(fixture.builder(fixture.policy(true))
                .closeGrace(Duration.ofMillis(1))
                .build());
        resolve(manager, "known.example.com");
        fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> waiting = start(manager, NAME);
        await().until(() -> fixture.issuer.orders() == 2);

        manager.close();

        assertThat(refusal(waiting)).isEqualTo("the certificate manager is closed.");
        assertThat(refusal(manager, "new.example.com")).isEqualTo("the certificate manager is closed.");
        assertThat(resolve(manager, "known.example.com")).isPresent();
        manager.close();
    }

    @Test
    void anOrderUnderWayIsStoredWhenItEndsWithinTheGrace() {
        CertificateManager manager = fixture.keep(fixture.builder(fixture.policy(true), storage)
                .closeGrace(Duration.ofMinutes(1))
                .build());
        CompletableFuture<Void> gate = fixture.issuer.hold();
        CompletableFuture<Optional<Credential>> waiting = start(manager, NAME);
        await().until(() -> fixture.issuer.orders() == 1);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(manager::close);
        assertThat(refusal(waiting)).isEqualTo("the certificate manager is closed.");
        gate.complete(null);
        closing.orTimeout(20, TimeUnit.SECONDS).join();

        CertificateManager restarted =
                fixture.keep(fixture.builder(fixture.policy(false), storage).build());
        assertThat(resolve(restarted, NAME)).isPresent();
        assertThat(fixture.issuer.orders()).isEqualTo(1);
    }

    @Test
    void anOrderThatDoesNotEndHoldsUpTheClosingForNoLongerThanTheGrace() {
        CertificateManager manager = fixture.keep(fixture.builder(fixture.policy(true))
                .closeGrace(Duration.ofMillis(50))
                .build());
        fixture.issuer.hold();
        start(manager, NAME);
        await().until(() -> fixture.issuer.orders() == 1);
        try (LogCapture log = new LogCapture()) {
            CompletableFuture.runAsync(manager::close)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();

            assertThat(log.lines()).anyMatch(line -> line.contains("Orders under way did not end within"));
        }
    }

    @Test
    void closingLeavesNoThreads() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("manager");
        Thread life = new Thread(group, () -> {
            CertificateManager manager = CertificateManager.builder()
                    .storage(storage)
                    .issuer(fixture.issuer)
                    .onDemand(fixture.policy(true))
                    .listener(event -> {})
                    .clock(fixture.time)
                    .build();
            assertThat(resolve(manager, NAME)).isPresent();
            manager.close();
        });
        life.start();
        life.join();

        assertThat(fixture.issuer.orders()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(threadsOf(group)).isEmpty());
    }

    /** The JDK starts some of its own in the group of whoever needs them first, such as the timer of time-outs. */
    private static List<String> threadsOf(ThreadGroup group) {
        Thread[] threads = new Thread[100];
        return Arrays.stream(threads, 0, group.enumerate(threads))
                .map(Thread::getName)
                .filter(name -> name.startsWith("gatehouse-"))
                .toList();
    }
}
