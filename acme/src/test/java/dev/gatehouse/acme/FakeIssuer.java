package dev.gatehouse.acme;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Issues from a test CA, when and how a test wants it. */
final class FakeIssuer implements Issuer {

    private final TestCa ca;
    private final List<ServerName> ordered = new CopyOnWriteArrayList<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private volatile Predicate<ServerName> failing = name -> false;
    private volatile Predicate<ServerName> held = name -> false;
    private volatile @Nullable CompletableFuture<Void> gate;
    private volatile CaLimits limits = CaLimits.none();

    FakeIssuer(TestCa ca) {
        this.ca = ca;
    }

    void failNext(RuntimeException failure) {
        failures.add(failure);
    }

    void fail(Predicate<ServerName> names) {
        failing = names;
    }

    /** Orders wait until the gate is completed. */
    CompletableFuture<Void> hold() {
        return hold(name -> true);
    }

    CompletableFuture<Void> hold(Predicate<ServerName> names) {
        CompletableFuture<Void> opens = new CompletableFuture<>();
        gate = opens;
        held = names;
        return opens;
    }

    int orders() {
        return ordered.size();
    }

    List<ServerName> ordered() {
        return ordered;
    }

    @Override
    public String identity() {
        return "fake";
    }

    /** For managers that are made from now on. */
    void limit(CaLimits newLimits) {
        limits = newLimits;
    }

    @Override
    public CaLimits limits() {
        return limits;
    }

    @Override
    public CompletionStage<Credential> issue(ServerName name, IssuanceContext context) {
        ordered.add(name);
        CompletableFuture<Void> opens = gate;
        CompletableFuture<Void> opened =
                opens == null || !held.test(name) ? CompletableFuture.completedFuture(null) : opens;
        return opened.thenCompose(open -> outcome(name));
    }

    private CompletionStage<Credential> outcome(ServerName name) {
        RuntimeException failure = failures.poll();
        if (failure == null && failing.test(name)) {
            failure = new IssuanceException(
                    IssuanceException.Kind.VALIDATION_FAILED, "The challenge failed. Mend it.", null, null);
        }
        return failure == null
                ? CompletableFuture.completedFuture(ca.issue(name.value()))
                : CompletableFuture.failedFuture(failure);
    }
}
