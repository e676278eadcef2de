package dev.gatehouse.acme.internal.permission;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import java.util.concurrent.CompletionStage;

/** A permission with a name, with which its reasons begin. */
public final class NamedPermission implements IssuancePermission {

    private final String name;
    private final IssuancePermission permission;

    /** With the name of a permission. */
    public NamedPermission(String name, IssuancePermission permission) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: a word for the log)");
        }
        this.name = name;
        this.permission = permission;
    }

    @Override
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        return SafePermission.ask(permission, request)
                .thenApply(decision -> new PermissionDecision(
                        decision.verdict(), name + ": " + decision.reason(), decision.validFor()));
    }

    @Override
    public void close() {
        permission.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
