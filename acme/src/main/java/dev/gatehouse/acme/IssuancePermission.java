package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.ondemand.HttpPermission;
import dev.gatehouse.tls.Coverage;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Says whether a certificate may be issued for a name that a client has asked for. Other servers call it the <i>ask</i>
 * hook. Without it, anyone could point names at a server and use up the limits of its certificate authority.
 *
 * <p>It is asked on a worker thread of the manager and may block there for a short while. Answers are remembered for a
 * time, so it is not asked for each handshake. An exception counts as {@link PermissionDecision.Verdict#UNKNOWN}.
 *
 * <p>Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface IssuancePermission {

    /**
     * Decides about a name.
     *
     * @param request the name, and who asks for it
     * @return a stage that completes with the decision
     */
    CompletionStage<PermissionDecision> decide(PermissionRequest request);

    /**
     * Asks a predicate of the embedding application, such as a query on its tenants.
     *
     * @param permitted receives the name in its normal form; it may block, and may be called on several threads
     * @return the permission
     */
    static IssuancePermission of(Predicate<String> permitted) {
        return request -> CompletableFuture.completedFuture(
                permitted.test(request.name().value())
                        ? PermissionDecision.allowed("the application permits it")
                        : PermissionDecision.denied("the application does not permit it"));
    }

    /**
     * Permits a fixed set of names.
     *
     * @param names exact names and wildcard names
     * @return the permission
     * @throws dev.gatehouse.tls.InvalidNameException if one is not a name
     */
    static IssuancePermission ofNames(Collection<String> names) {
        Coverage coverage = Coverage.of(names);
        return request -> CompletableFuture.completedFuture(
                coverage.covers(request.name())
                        ? PermissionDecision.allowed("it is configured")
                        : PermissionDecision.denied("it is not configured"));
    }

    /**
     * Asks an HTTP endpoint: {@code GET endpoint?domain=NAME&host=NAME} with a time-out of two seconds. Status 200
     * allows. Status 5xx, a time-out and an unreachable endpoint leave the question open; everything else denies.
     * Redirects are not followed.
     *
     * @param endpoint an absolute {@code http} or {@code https} URI; its own query parameters are kept
     * @return the permission
     * @throws IllegalArgumentException if it is not such a URI
     */
    static IssuancePermission http(URI endpoint) {
        return HttpPermission.at(endpoint);
    }

    /**
     * Asks several permissions in order, until one allows.
     *
     * @param permissions whom to ask
     * @return a permission that allows if any does; if none does, it is unknown if any was, else denied
     */
    static IssuancePermission anyOf(IssuancePermission... permissions) {
        List<IssuancePermission> inOrder = List.of(permissions);
        return request -> AnyOfPermissions.decide(inOrder, request);
    }
}
