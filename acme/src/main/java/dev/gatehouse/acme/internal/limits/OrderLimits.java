package dev.gatehouse.acme.internal.limits;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.tls.ServerName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether an order for a name may begin now, as far as our own limits go. Who is refused by one limit takes nothing from
 * another: a client that has used up its own share cannot use up that of all.
 *
 * <p>Memory is bounded by the limit of all orders together, and by a number of keys. Clients that are new with each
 * order, as one with many addresses can be, meet that limit.
 */
public final class OrderLimits {

    private static final int MAX_KEYS = 50_000;

    private final TokenBucket burst;
    private final Optional<KeyedRateLimiter<String>> perDomain;
    private final Optional<KeyedRateLimiter<ClientNetwork>> perClient;
    private final Optional<NewNames> newNames;

    /** With the storage that counts what must survive a restart. */
    public OrderLimits(OnDemand policy, CertificateStorage storage, InstantSource clock) {
        this.burst = new TokenBucket(policy.burst(), policy.interval(), clock);
        this.perDomain =
                policy.perRegistrableDomain().map(limit -> new KeyedRateLimiter<String>(limit, MAX_KEYS, clock));
        this.perClient =
                policy.perClientAddress().map(limit -> new KeyedRateLimiter<ClientNetwork>(limit, MAX_KEYS, clock));
        this.newNames = policy.newNamesPerRegistrableDomain().map(limit -> new NewNames(limit, storage, clock));
    }

    /** Takes a place for an order in every limit, or in none and tells which is in the way. May read storage. */
    public Optional<LimitRefusal> admit(PermissionRequest request) {
        String domain = RegistrableDomains.of(request.name());
        Optional<ClientNetwork> client = request.clientAddress().flatMap(ClientNetwork::of);
        Optional<LimitRefusal> refusal = takeFromMemory(request.name(), domain, client);
        if (refusal.isPresent()) {
            return refusal;
        }
        Optional<LimitRefusal> full = newNames.flatMap(
                names -> names.count(request.name(), domain).map(free -> newNamesRefusal(names, domain, free)));
        full.ifPresent(refused -> giveBack(domain, client));
        return full;
    }

    private synchronized Optional<LimitRefusal> takeFromMemory(
            ServerName name, String domain, Optional<ClientNetwork> client) {
        Optional<LimitRefusal> refusal = clientRefusal(client)
                .or(() -> domainRefusal(domain))
                .or(() -> newNames.flatMap(
                        names -> names.knownFull(name, domain).map(free -> newNamesRefusal(names, domain, free))))
                .or(this::burstRefusal);
        if (refusal.isEmpty()) {
            perDomain.ifPresent(limit -> limit.take(domain));
            client.ifPresent(network -> perClient.ifPresent(limit -> limit.take(network)));
        }
        return refusal;
    }

    private synchronized void giveBack(String domain, Optional<ClientNetwork> client) {
        burst.giveBack();
        perDomain.ifPresent(limit -> limit.giveBack(domain));
        client.ifPresent(network -> perClient.ifPresent(limit -> limit.giveBack(network)));
    }

    private Optional<LimitRefusal> clientRefusal(Optional<ClientNetwork> client) {
        return client.flatMap(network -> perClient.flatMap(limit -> limit.next(network)
                .map(free -> refusal("perClientAddress", "orders for the client " + network, limit, free))));
    }

    private Optional<LimitRefusal> domainRefusal(String domain) {
        return perDomain.flatMap(limit -> limit.next(domain)
                .map(free -> refusal("perRegistrableDomain", "orders for names of " + domain, limit, free)));
    }

    private static LimitRefusal newNamesRefusal(NewNames names, String domain, Instant free) {
        return refusal("newNamesPerRegistrableDomain", "new names of " + domain, names, free);
    }

    /** Last, since it takes at once. */
    private Optional<LimitRefusal> burstRefusal() {
        return burst.takeOrNext().map(free -> refusal("burst", "on-demand orders", burst, free));
    }

    private static LimitRefusal refusal(String setting, String of, Object limit, Instant freesAt) {
        String reason =
                "the limit of " + of + " (" + limit + ") is used up; raise OnDemand." + setting + " for honest traffic";
        return new LimitRefusal(setting, reason, freesAt);
    }
}
