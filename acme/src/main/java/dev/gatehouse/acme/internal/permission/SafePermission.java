package dev.gatehouse.acme.internal.permission;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks a permission so that whatever it does is a decision. */
final class SafePermission {

    private SafePermission() {}

    static CompletionStage<PermissionDecision> ask(IssuancePermission permission, PermissionRequest request) {
        try {
            return permission.decide(request).exceptionally(SafePermission::explain);
        } catch (RuntimeException failure) {
            return CompletableFuture.completedFuture(explain(failure));
        }
    }

    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static PermissionDecision explain(Throwable failure) {
        return PermissionDecision.unknown("the permission failed (" + causeOf(failure) + ")");
    }
}
