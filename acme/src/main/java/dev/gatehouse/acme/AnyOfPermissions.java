package dev.gatehouse.acme;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks permissions one after the other, until one allows. */
final class AnyOfPermissions {

    private AnyOfPermissions() {}

    static CompletionStage<PermissionDecision> decide(List<IssuancePermission> permissions, PermissionRequest request) {
        CompletionStage<PermissionDecision> decision =
                CompletableFuture.completedFuture(PermissionDecision.denied("nobody permits it"));
        for (IssuancePermission permission : permissions) {
            decision = decision.thenCompose(previous -> previous.isAllowed()
                    ? CompletableFuture.completedFuture(previous)
                    : permission.decide(request).thenApply(next -> weightier(previous, next)));
        }
        return decision;
    }

    /** An open question outweighs a denial: the one that could not answer might have allowed. */
    private static PermissionDecision weightier(PermissionDecision previous, PermissionDecision next) {
        boolean staysOpen = previous.verdict() == PermissionDecision.Verdict.UNKNOWN && !next.isAllowed();
        return staysOpen ? previous : next;
    }
}
