package dev.gatehouse.acme;

import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.NoCertificateException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Managers that do everything on the test's thread, over one storage, at a simulated authority. */
final class RenewalFixture implements AutoCloseable {

    final ManualTime time = new ManualTime();
    final SharedMemoryStorage storage = new SharedMemoryStorage(time);
    final SimulatedAuthority authority = new SimulatedAuthority(time);
    final List<CertificateManager> managers = new ArrayList<>();

    CertificateManagerBuilder builder() {
        return CertificateManager.builder()
                .storage(storage)
                .issuer(authority)
                .clock(time)
                .random(new Random(7))
                .workers(new DirectWorkers(time));
    }

    /** Begins the work of a manager. */
    CertificateManager start(CertificateManagerBuilder builder) {
        CertificateManager manager = builder.build();
        managers.add(manager);
        time.advance(Duration.ZERO);
        return manager;
    }

    CertificateManager managing(String... names) {
        return start(builder().manage(names));
    }

    CertificateManager visited(IssuancePermission permission) {
        return start(builder()
                .onDemand(
                        ManagerFixture.unlimited(OnDemand.asking(permission)).burst(1_000_000, Duration.ofSeconds(1))));
    }

    CertificateManager visited() {
        return visited(IssuancePermission.of(name -> true));
    }

    static Optional<Credential> visit(CertificateManager manager, String name) {
        CompletableFuture<Optional<Credential>> handshake =
                manager.resolve(ClientHello.of(ServerName.of(name))).toCompletableFuture();
        if (!handshake.isDone()) {
            throw new IllegalStateException(name + ": the handshake waits");
        }
        try {
            return handshake.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof NoCertificateException) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    static CertificateStatus status(CertificateManager manager, String name) {
        return manager.status(SubjectName.of(name)).orElseThrow();
    }

    void pass(Duration duration) {
        time.advance(duration);
    }

    @Override
    public void close() {
        managers.forEach(CertificateManager::close);
    }
}
