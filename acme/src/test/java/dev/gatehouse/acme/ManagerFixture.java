package dev.gatehouse.acme;

import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.NoCertificateException;
import dev.gatehouse.tls.ServerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Managers over one folder, with time and issuer in the hands of the test. */
final class ManagerFixture implements AutoCloseable {

    final ManualTime time = new ManualTime();
    final TestCa ca = TestCa.builder().clock(time).build();
    final FakeIssuer issuer = new FakeIssuer(ca);
    final AtomicInteger questions = new AtomicInteger();
    final List<CertificateEvent> events = new CopyOnWriteArrayList<>();

    private final List<CertificateManager> managers = new ArrayList<>();
    private final Path folder;

    ManagerFixture(Path folder) {
        this.folder = folder;
    }

    /** Permits everything or nothing, without any limit but those of the test. */
    OnDemand policy(boolean permitted) {
        return unlimited(OnDemand.asking(counting(permitted)));
    }

    static OnDemand unlimited(OnDemand policy) {
        return policy.unlimitedPerRegistrableDomain()
                .unlimitedNewNamesPerRegistrableDomain()
                .unlimitedPerClientAddress()
                .withoutPreflight();
    }

    IssuancePermission counting(boolean permitted) {
        return IssuancePermission.of(name -> {
            questions.incrementAndGet();
            return permitted;
        });
    }

    /** A manager with a burst that no test reaches. */
    CertificateManager permitting() {
        return manager(policy(true).burst(1_000_000, Duration.ofSeconds(1)));
    }

    CertificateManager manager(OnDemand policy) {
        return keep(builder(policy).build());
    }

    CertificateManager keep(CertificateManager manager) {
        managers.add(manager);
        return manager;
    }

    CertificateManagerBuilder builder(OnDemand policy) {
        return builder(policy, FileStorage.at(folder));
    }

    CertificateManagerBuilder builder(OnDemand policy, CertificateStorage storage) {
        return builderWithoutIssuer(storage).issuer(issuer).onDemand(policy);
    }

    /** A manager that asks several issuers. */
    CertificateManager chain(Issuer first, Issuer... next) {
        return keep(builderWithoutIssuer(FileStorage.at(folder))
                .issuers(first, next)
                .onDemand(policy(true).burst(1_000_000, Duration.ofSeconds(1)))
                .build());
    }

    private CertificateManagerBuilder builderWithoutIssuer(CertificateStorage storage) {
        return CertificateManager.builder()
                .storage(storage)
                .listener(events::add)
                .clock(time)
                .alarms(time);
    }

    void closeManagers() {
        managers.forEach(CertificateManager::close);
        managers.clear();
    }

    @Override
    public void close() {
        closeManagers();
    }

    <E extends CertificateEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends CertificateEvent> E awaitEvent(Class<E> kind) {
        await().until(() -> !events(kind).isEmpty());
        return events(kind).get(0);
    }

    static CompletableFuture<Optional<Credential>> start(CertificateManager manager, String name) {
        return manager.resolve(ClientHello.of(ServerName.of(name))).toCompletableFuture();
    }

    /** The outcome of a handshake: a credential, or none, whatever the reason. */
    static Optional<Credential> resolve(CertificateManager manager, String name) {
        return join(start(manager, name));
    }

    static Optional<Credential> join(CompletableFuture<Optional<Credential>> handshake) {
        try {
            return handshake.orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof NoCertificateException) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Why a handshake gets no credential. */
    static String refusal(CompletableFuture<Optional<Credential>> handshake) {
        try {
            return "served " + handshake.orTimeout(20, TimeUnit.SECONDS).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof NoCertificateException refused) {
                return String.valueOf(refused.getMessage());
            }
            throw failure;
        }
    }

    static String refusal(CertificateManager manager, String name) {
        return refusal(start(manager, name));
    }
}
