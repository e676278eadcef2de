package dev.gatehouse.testing.internal.acme.state;

import dev.gatehouse.testing.AcmeChallenge;
import dev.gatehouse.testing.OrderStatus;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders and their authorizations, under one lock, because the status of an order follows from its authorizations.
 * Thread safe.
 */
public final class Orders {
    /** How many authorizations there can be for each order that there can be. */
    private static final int MOST_AUTHORIZATIONS = 4;

    private final InstantSource clock;
    private final Supplier<String> tokens;
    private final Duration lifetime;
    private final boolean reuse;
    private final int capacity;
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final Map<String, Authorization> authorizations = new LinkedHashMap<>();

    /**
     * Starts without an order.
     *
     * @param clock decides what has expired
     * @param tokens makes the token of each challenge
     * @param lifetime how long an order and its authorizations last
     * @param reuse whether a valid authorization serves later orders, too
     * @param capacity how many orders are taken before {@code rateLimited} is the answer
     */
    public Orders(InstantSource clock, Supplier<String> tokens, Duration lifetime, boolean reuse, int capacity) {
        this.clock = clock;
        this.tokens = tokens;
        this.lifetime = lifetime;
        this.reuse = reuse;
        this.capacity = capacity;
    }

    /**
     * Creates an order. Each identifier gets a fresh authorization, unless a valid one may serve again.
     *
     * @param accountId who orders
     * @param terms what is asked for
     * @param offered the challenge types of this server
     * @return the new order
     * @throws ProblemException {@code rateLimited} when the server is full, {@code alreadyReplaced} when another order
     *     replaces the same certificate
     */
    public synchronized OrderView create(String accountId, OrderTerms terms, Collection<AcmeChallenge> offered)
            throws ProblemException {
        requireCapacity();
        requireUnreplaced(terms.replaces());
        Instant expires = clock.instant().plus(lifetime);
        List<String> authorizationIds = terms.identifiers().stream()
                .map(identifier ->
                        authorize(accountId, identifier, expires, offered).id())
                .toList();
        Order order = Order.pending(nextId(orders), accountId, terms, authorizationIds, expires);
        orders.put(order.id(), order);
        return view(order);
    }

    /**
     * Creates an authorization ahead of any order, unless a valid one may serve again (RFC 8555 section 7.4.1).
     *
     * @param accountId who asks for it
     * @param identifier for what
     * @param offered the challenge types of this server
     * @return the authorization
     * @throws ProblemException {@code rateLimited} when the server is full
     */
    public synchronized Authorization authorize(
            String accountId, Identifier identifier, Collection<AcmeChallenge> offered) throws ProblemException {
        requireCapacity();
        return authorize(accountId, identifier, clock.instant().plus(lifetime), offered);
    }

    /** {@return the order with this number, as it stands now} */
    public synchronized Optional<OrderView> order(String id) {
        return Optional.ofNullable(orders.get(id)).map(this::view);
    }

    /** {@return the order with this number, as a client sees it that looks at it now} */
    public synchronized Optional<OrderView> look(String id) {
        Optional<OrderView> seen = order(id);
        orders.computeIfPresent(id, (key, order) -> order.lookedAt());
        return seen;
    }

    /** Makes the orders of an account invalid that no certificate was asked for yet. */
    public synchronized void cancel(String accountId, Problem why) {
        orders.replaceAll(
                (id, order) -> order.accountId().equals(accountId) && !order.finalizing() ? order.failed(why) : order);
    }

    /** {@return every order, oldest first, as it stands now} */
    public synchronized List<OrderView> all() {
        return orders.values().stream().map(this::view).toList();
    }

    /** {@return the authorization with this number} */
    public synchronized Optional<Authorization> authorization(String id) {
        return Optional.ofNullable(authorizations.get(id));
    }

    /** {@return the given authorizations, in order} */
    public synchronized List<Authorization> authorizations(List<String> ids) {
        return ids.stream().map(authorizations::get).toList();
    }

    /**
     * Marks a pending challenge as being validated.
     *
     * @param authorizationId the authorization
     * @param type the challenge that the client chose
     * @return whether a validation has to be started: false when one was already, or when the authorization is no
     *     longer pending
     */
    public synchronized boolean startValidation(String authorizationId, AcmeChallenge type) {
        Authorization authorization = authorizations.get(authorizationId);
        if (authorization == null
                || authorization.status(clock.instant()) != Authorization.Status.PENDING
                || authorization.isProcessing()
                || authorization.challenge(type).isEmpty()) {
            return false;
        }
        authorizations.put(authorizationId, authorization.with(type, Challenge::processing));
        return true;
    }

    /** Takes a started validation back, because it could not be queued. */
    public void abandonValidation(String authorizationId, AcmeChallenge type) {
        update(authorizationId, it -> it.with(type, challenge -> Challenge.pending(type, challenge.token())));
    }

    /**
     * Records the outcome of a validation.
     *
     * @param authorizationId the authorization
     * @param type the challenge
     * @param failure why it failed, null when control was proved
     */
    public void completeValidation(String authorizationId, AcmeChallenge type, @Nullable Problem failure) {
        Instant now = clock.instant();
        update(
                authorizationId,
                it -> it.with(type, challenge -> failure == null ? challenge.valid(now) : challenge.invalid(failure)));
    }

    /** {@return the authorization, which no longer counts} */
    public Authorization deactivate(String authorizationId) {
        return update(authorizationId, Authorization::deactivate);
    }

    /**
     * Claims a ready order for issuance; only one caller gets it.
     *
     * @param id the order
     * @throws ProblemException {@code orderNotReady} when it is not ready, or was claimed
     */
    public synchronized void startFinalization(String id) throws ProblemException {
        orders.put(id, requireReady(id).inFinalization());
    }

    /** {@return the order, if it is ready; otherwise {@code orderNotReady} is thrown} */
    public synchronized Order requireReady(String id) throws ProblemException {
        OrderView view = order(id).orElseThrow();
        if (view.status() != OrderStatus.READY) {
            throw Problem.of(
                            ProblemType.ORDER_NOT_READY,
                            "Order " + id + " is " + view.status().token() + ". " + remedy(view))
                    .exception();
        }
        return view.order();
    }

    /**
     * Records the certificate of a claimed order.
     *
     * @param id the order
     * @param certificateId the certificate
     * @param visibleFrom when the client sees it
     * @param vainLooks how many times the client looks in vain, even then
     */
    public synchronized void completeFinalization(String id, String certificateId, Instant visibleFrom, int vainLooks) {
        orders.computeIfPresent(id, (key, order) -> order.issued(certificateId, visibleFrom, vainLooks));
    }

    /** Records that no certificate could be made for a claimed order. */
    public synchronized void failFinalization(String id, Problem why) {
        orders.computeIfPresent(id, (key, order) -> order.failed(why));
    }

    /** {@return the names for which an account holds valid authorizations, wildcard names with their star} */
    public synchronized Set<String> authorizedNames(String accountId) {
        return authorizations.values().stream()
                .filter(authorization -> authorization.accountId().equals(accountId))
                .filter(authorization -> authorization.status(clock.instant()) == Authorization.Status.VALID)
                .map(Authorization::authorizedName)
                .collect(Collectors.toSet());
    }

    private void requireCapacity() throws ProblemException {
        if (orders.size() >= capacity || authorizations.size() >= capacity * MOST_AUTHORIZATIONS) {
            throw Problem.of(
                            ProblemType.RATE_LIMITED,
                            "This test server keeps at most " + capacity + " orders and "
                                    + capacity * MOST_AUTHORIZATIONS + " authorizations. Start a new server.")
                    .exception();
        }
    }

    private void requireUnreplaced(@Nullable String replaces) throws ProblemException {
        if (replaces == null) {
            return;
        }
        for (Order order : orders.values()) {
            if (replaces.equals(order.terms().replaces()) && view(order).status() != OrderStatus.INVALID) {
                throw Problem.of(
                                ProblemType.ALREADY_REPLACED,
                                "Order " + order.id() + " replaces the same certificate. Leave 'replaces' out.")
                        .exception();
            }
        }
    }

    private static String remedy(OrderView view) {
        Problem error = view.error();
        return switch (view.status()) {
            case PENDING -> "Answer one challenge of each of its authorizations first.";
            case INVALID -> (error == null ? "" : error.detail() + " ") + "Make a new order.";
            default -> "It was finalized already; look at it until it is valid.";
        };
    }

    private Authorization authorize(
            String accountId, Identifier identifier, Instant expires, Collection<AcmeChallenge> offered) {
        Optional<Authorization> reusable = reusable(accountId, identifier);
        if (reusable.isPresent()) {
            return reusable.get();
        }
        List<Challenge> challenges = offered.stream()
                .filter(type -> identifier.isProvableBy(type))
                .map(type -> Challenge.pending(type, tokens.get()))
                .toList();
        Authorization authorization = new Authorization(
                nextId(authorizations),
                accountId,
                identifier.authorized(),
                identifier.isWildcard(),
                expires,
                false,
                challenges);
        authorizations.put(authorization.id(), authorization);
        return authorization;
    }

    private Optional<Authorization> reusable(String accountId, Identifier identifier) {
        if (!reuse) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return authorizations.values().stream()
                .filter(authorization -> authorization.accountId().equals(accountId))
                .filter(authorization -> authorization.authorizedName().equals(identifier.value()))
                .filter(authorization -> authorization.status(now) == Authorization.Status.VALID)
                .reduce((earlier, later) -> later);
    }

    private synchronized Authorization update(String id, UnaryOperator<Authorization> change) {
        Authorization authorization = authorizations.get(id);
        if (authorization == null) {
            throw new IllegalStateException("authorization " + id + " is unknown");
        }
        Authorization changed = change.apply(authorization);
        authorizations.put(id, changed);
        return changed;
    }

    private OrderView view(Order order) {
        return OrderView.of(order, authorizations(order.authorizationIds()), clock.instant());
    }

    private static String nextId(Map<String, ?> store) {
        return Integer.toString(store.size() + 1);
    }
}
