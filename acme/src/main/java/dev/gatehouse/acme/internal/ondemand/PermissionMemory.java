package dev.gatehouse.acme.internal.ondemand;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Asks the permission, and does not ask again for a name that it has lately allowed. */
final class PermissionMemory {

    private static final Duration ALLOWED = Duration.ofMinutes(10);
    private static final int MAX_NAMES = 10_000;

    private final IssuancePermission permission;
    private final Executor worker;
    private final Consumer<CertificateEvent> events;
    private final Cache<ServerName, PermissionDecision> allowed;

    PermissionMemory(
            IssuancePermission permission, Executor worker, InstantSource clock, Consumer<CertificateEvent> events) {
        this.permission = permission;
        this.worker = worker;
        this.events = events;
        this.allowed = Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .expireAfterWrite(ALLOWED)
                .ticker(ClockTicker.of(clock))
                .executor(Runnable::run)
                .build();
    }

    /** Completes normally, whatever the permission does. */
    CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        PermissionDecision remembered = allowed.getIfPresent(request.name());
        if (remembered != null) {
            return CompletableFuture.completedFuture(remembered);
        }
        return CompletableFuture.supplyAsync(() -> ask(request), worker)
                .thenCompose(stage -> stage)
                .exceptionally(
                        failure -> PermissionDecision.unknown("the permission failed (" + causeOf(failure) + ")"))
                .thenApply(decision -> remember(request.name(), decision));
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private CompletionStage<PermissionDecision> ask(PermissionRequest request) {
        events.accept(new CertificateEvent.Asked(request.name()));
        return permission.decide(request);
    }

    private PermissionDecision remember(ServerName name, PermissionDecision decision) {
        if (decision.isAllowed()) {
            allowed.put(name, decision);
        }
        return decision;
    }
}
