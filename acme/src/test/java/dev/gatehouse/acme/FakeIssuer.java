package dev.gatehouse.acme;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Issues from a test CA, when and how a test wants it. */
final class FakeIssuer implements Issuer {

    private final TestCa ca;
    private final AtomicInteger orders = new AtomicInteger();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private volatile @Nullable CompletableFuture<Void> gate;

    FakeIssuer(TestCa ca) {
        this.ca = ca;
    }

    void failNext(RuntimeException failure) {
        failures.add(failure);
    }

    /** Orders wait until the gate is completed. */
    CompletableFuture<Void> hold() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        gate = held;
        return held;
    }

    int orders() {
        return orders.get();
    }

    @Override
    public String identity() {
        return "fake";
    }

    @Override
    public CompletionStage<Credential> issue(ServerName name, IssuanceContext context) {
        orders.incrementAndGet();
        RuntimeException failure = failures.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Void> held = gate;
        CompletableFuture<Void> opened = held == null ? CompletableFuture.completedFuture(null) : held;
        return opened.thenApply(open -> ca.issue(name.value()));
    }
}
