package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.permission.CombinedPermission;
import dev.gatehouse.acme.internal.permission.JdbcPermission;
import dev.gatehouse.acme.internal.permission.NamedPermission;
import dev.gatehouse.tls.Coverage;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Says whether a certificate may be issued for a name that a client has asked for. Other servers call it the <i>ask</i>
 * hook. Without it, anyone could point names at a server and use up the limits of its certificate authority.
 *
 * <pre>{@code
 * IssuancePermission tenants = IssuancePermission.anyOf(
 *         IssuancePermission.ofNames("www.example.com", "*.apps.example.com"),
 *         IssuancePermission.jdbc(dataSource, "SELECT 1 FROM tenants WHERE ? = ANY(dns_names)").named("tenants"));
 * }</pre>
 *
 * <p>It is asked on a worker thread of the manager and may block there for a short while. For one name there is one
 * question at a time, and its answer is remembered, so it is not asked for each handshake. An exception, and no answer
 * within 30 seconds, count as {@link PermissionDecision.Verdict#UNKNOWN}.
 *
 * <p>Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface IssuancePermission extends AutoCloseable {

    /**
     * Decides about a name.
     *
     * @param request the name, and who asks for it
     * @return a stage that completes with the decision
     */
    CompletionStage<PermissionDecision> decide(PermissionRequest request);

    /** Releases what it holds. Called when the manager is closed; does not block for long, and does not fail. */
    @Override
    default void close() {}

    /**
     * The same permission with a name of its own, with which the reasons of its decisions begin: in the log of a
     * combination it tells who has decided.
     *
     * @param name what to call it, such as {@code tenants}
     * @return the permission with this name
     */
    default IssuancePermission named(String name) {
        return new NamedPermission(name, this);
    }

    /**
     * Asks a predicate of the embedding application, such as a query on its tenants.
     *
     * @param permitted receives the name in its normal form; it may block, and may be called on several threads
     * @return the permission
     */
    static IssuancePermission of(Predicate<String> permitted) {
        return request -> CompletableFuture.completedFuture(
                byApplication(permitted.test(request.name().value())));
    }

    /**
     * Asks a function of the embedding application that answers later.
     *
     * @param permitted receives the name in its normal form; its stage completes with whether it is permitted
     * @return the permission
     */
    static IssuancePermission ofAsync(Function<String, ? extends CompletionStage<Boolean>> permitted) {
        return request -> permitted.apply(request.name().value()).thenApply(IssuancePermission::byApplication);
    }

    private static PermissionDecision byApplication(boolean permitted) {
        return permitted
                ? PermissionDecision.allowed("the application permits it")
                : PermissionDecision.denied("the application does not permit it");
    }

    /**
     * Permits nothing. What a manager uses that has not been told whom to ask.
     *
     * @return the permission
     */
    static IssuancePermission none() {
        return request -> CompletableFuture.completedFuture(PermissionDecision.denied("no permission is configured"));
    }

    /**
     * Permits a fixed set of names.
     *
     * @param names exact names and wildcard names; the star of {@code *.example.com} stands for one label
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
     * Permits a fixed set of names.
     *
     * @param names exact names and wildcard names; the star of {@code *.example.com} stands for one label
     * @return the permission
     * @throws dev.gatehouse.tls.InvalidNameException if one is not a name
     */
    static IssuancePermission ofNames(String... names) {
        return ofNames(List.of(names));
    }

    /**
     * Permits names that a regular expression matches.
     *
     * @param pattern is matched against the whole name in its normal form: lower case, A-labels, no trailing dot
     * @return the permission
     */
    static IssuancePermission matching(Pattern pattern) {
        return request -> CompletableFuture.completedFuture(
                pattern.matcher(request.name().value()).matches()
                        ? PermissionDecision.allowed("it matches " + pattern)
                        : PermissionDecision.denied("it does not match " + pattern));
    }

    /**
     * Asks an HTTP endpoint: {@code GET endpoint?domain=NAME&host=NAME}; status 200 allows. See {@link HttpPermission} for
     * the other answers and for what can be set.
     *
     * @param endpoint an absolute {@code http} or {@code https} URI; its own query parameters are kept
     * @return the permission
     * @throws IllegalArgumentException if it is not such a URI
     */
    static HttpPermission http(URI endpoint) {
        return HttpPermission.at(endpoint);
    }

    /**
     * Asks a database: a query that finds a row permits the name. A row whose first column is {@code false}, zero or
     * {@code NULL} does not, so that {@code SELECT count(*) …} and {@code SELECT EXISTS (…)} work, too. The query runs on
     * the worker thread with a time-out of two seconds; an {@link java.sql.SQLException} leaves the question open.
     *
     * <p>Needs the module {@code java.sql}.
     *
     * @param dataSource where connections come from, most likely a pool; it stays open when the manager is closed
     * @param query with at least one parameter; the name, in its normal form, is set to each of them as text
     * @return the permission
     * @throws IllegalArgumentException if the query has no parameter
     */
    static IssuancePermission jdbc(DataSource dataSource, String query) {
        return new JdbcPermission(dataSource, query);
    }

    /**
     * Asks several permissions in order, until one allows.
     *
     * @param permissions whom to ask; closed with the combination
     * @return a permission that allows if any does; if none does, it is unknown if any was, else denied
     */
    static IssuancePermission anyOf(IssuancePermission... permissions) {
        return CombinedPermission.anyOf(List.of(permissions));
    }

    /**
     * Asks several permissions in order, until one denies.
     *
     * @param permissions whom to ask; closed with the combination
     * @return a permission that allows if all do; if one denies it denies, else it is unknown
     * @throws IllegalArgumentException if there is none
     */
    static IssuancePermission allOf(IssuancePermission... permissions) {
        return CombinedPermission.allOf(List.of(permissions));
    }

    /**
     * Permits what another permission denies, and the other way round: {@code allOf(tenants, not(blocked))}. What that
     * one does not know stays unknown.
     *
     * @param permission whom to ask; closed with this one
     * @return the permission
     */
    static IssuancePermission not(IssuancePermission permission) {
        return CombinedPermission.not(permission);
    }
}
