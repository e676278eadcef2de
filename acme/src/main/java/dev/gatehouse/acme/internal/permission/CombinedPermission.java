package dev.gatehouse.acme.internal.permission;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.acme.PermissionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Asks permissions one after the other, until one gives the verdict that settles it. An open question outweighs the other
 * verdict: the one that could not answer might have settled it.
 */
public final class CombinedPermission implements IssuancePermission {

    private final List<IssuancePermission> permissions;
    private final Verdict settles;
    private final Verdict otherwise;

    private CombinedPermission(List<IssuancePermission> permissions, Verdict settles, Verdict otherwise) {
        this.permissions = permissions;
        this.settles = settles;
        this.otherwise = otherwise;
    }

    /** Allows if any does. */
    public static IssuancePermission anyOf(List<IssuancePermission> permissions) {
        return new CombinedPermission(permissions, Verdict.ALLOWED, Verdict.DENIED);
    }

    /** Allows if all do. None at all would allow everything, and is refused. */
    public static IssuancePermission allOf(List<IssuancePermission> permissions) {
        if (permissions.isEmpty()) {
            throw new IllegalArgumentException("No permission is given (expected: at least one).");
        }
        return new CombinedPermission(permissions, Verdict.DENIED, Verdict.ALLOWED);
    }

    /** Allows what the other denies. */
    public static IssuancePermission not(IssuancePermission permission) {
        return new Negation(permission);
    }

    @Override
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        CompletionStage<List<PermissionDecision>> decisions = CompletableFuture.completedFuture(List.of());
        for (IssuancePermission permission : permissions) {
            decisions = decisions.thenCompose(soFar -> isSettled(soFar)
                    ? CompletableFuture.completedFuture(soFar)
                    : SafePermission.ask(permission, request).thenApply(next -> append(soFar, next)));
        }
        return decisions.thenApply(this::combine);
    }

    private boolean isSettled(List<PermissionDecision> decisions) {
        return !decisions.isEmpty() && decisions.get(decisions.size() - 1).verdict() == settles;
    }

    private PermissionDecision combine(List<PermissionDecision> decisions) {
        if (isSettled(decisions)) {
            return decisions.get(decisions.size() - 1);
        }
        if (decisions.isEmpty()) {
            return PermissionDecision.denied("nobody permits it");
        }
        List<PermissionDecision> open = decisions.stream()
                .filter(decision -> decision.verdict() == Verdict.UNKNOWN)
                .toList();
        return open.isEmpty() ? join(otherwise, decisions) : join(Verdict.UNKNOWN, open);
    }

    /** As long as the shortest of them holds. */
    private static PermissionDecision join(Verdict verdict, List<PermissionDecision> decisions) {
        String reasons =
                decisions.stream().map(PermissionDecision::reason).distinct().collect(Collectors.joining("; "));
        Optional<Duration> shortest = decisions.stream()
                .flatMap(decision -> decision.validFor().stream())
                .min(Duration::compareTo);
        return new PermissionDecision(verdict, reasons, shortest);
    }

    private static List<PermissionDecision> append(List<PermissionDecision> decisions, PermissionDecision next) {
        List<PermissionDecision> longer = new ArrayList<>(decisions);
        longer.add(next);
        return longer;
    }

    @Override
    public void close() {
        permissions.forEach(IssuancePermission::close);
    }

    @Override
    public String toString() {
        return (settles == Verdict.ALLOWED ? "any of " : "all of ") + permissions;
    }

    private record Negation(IssuancePermission permission) implements IssuancePermission {

        @Override
        public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
            return SafePermission.ask(permission, request)
                    .thenApply(decision -> new PermissionDecision(
                            opposite(decision.verdict()), "not: " + decision.reason(), decision.validFor()));
        }

        private static Verdict opposite(Verdict verdict) {
            return switch (verdict) {
                case ALLOWED -> Verdict.DENIED;
                case DENIED -> Verdict.ALLOWED;
                case UNKNOWN -> Verdict.UNKNOWN;
            };
        }

        @Override
        public void close() {
            permission.close();
        }

        @Override
        public String toString() {
            return "not " + permission;
        }
    }
}
