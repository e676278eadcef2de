package dev.gatehouse.testing.internal.acme.limit;

import dev.gatehouse.testing.internal.acme.state.OrderTerms;
import dev.gatehouse.testing.internal.acme.wire.Identifier;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rate limits of Let's Encrypt, in its words: token buckets that are looked at when an order is made, and emptied by
 * orders, by certificates and by failed validations. Renewals are not limited: neither an order that says which certificate
 * it replaces, nor, but for the limit of the exact set, one for the same names as a certificate before it. Thread safe.
 */
public final class IssuanceLimits {
    private static final String PAGE = "https://letsencrypt.org/docs/rate-limits/";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final UnaryOperator<String> registeredDomain;
    private final @Nullable TokenBuckets perDomain;
    private final @Nullable TokenBuckets perExactSet;
    private final @Nullable TokenBuckets perAccount;
    private final @Nullable TokenBuckets failures;
    private final Set<String> issuedSets = new HashSet<>();

    /**
     * Starts with full buckets.
     *
     * @param settings the limits
     * @param clock fills the buckets again
     */
    public IssuanceLimits(LimitSettings settings, InstantSource clock) {
        this.clock = clock;
        this.registeredDomain = settings.registeredDomain();
        this.perDomain = buckets(settings.certificatesPerRegisteredDomain());
        this.perExactSet = buckets(settings.certificatesPerExactSet());
        this.perAccount = buckets(settings.newOrdersPerAccount());
        this.failures = buckets(settings.failedAuthorizations());
    }

    /**
     * Lets a new order pass, or not.
     *
     * @param accountId who orders
     * @param terms what is asked for
     * @throws ProblemException {@code rateLimited} with a {@code Retry-After}
     */
    public void admit(String accountId, OrderTerms terms) throws ProblemException {
        if (terms.replaces() != null) {
            return;
        }
        List<String> names = names(terms);
        boolean renewal = isRenewal(names);
        for (String name : authorizedNames(terms)) {
            require(
                    failures,
                    accountId + ' ' + name,
                    "too many failed authorizations (%d) for \"" + name + "\"",
                    "authorization-failures-per-identifier-per-account");
        }
        if (!renewal) {
            require(perAccount, accountId, "too many new orders (%d) from this account", "new-orders-per-account");
            for (String domain : domains(terms)) {
                require(
                        perDomain,
                        domain,
                        "too many certificates (%d) already issued for \"" + domain + "\"",
                        "new-certificates-per-registered-domain");
            }
        }
        require(
                perExactSet,
                String.join(",", names),
                "too many certificates (%d) already issued for this exact set of identifiers",
                "new-certificates-per-exact-set-of-identifiers");
        if (!renewal) {
            take(perAccount, accountId);
        }
    }

    /** Counts a certificate that is issued. */
    public void issued(OrderTerms terms) {
        List<String> names = names(terms);
        if (terms.replaces() != null) {
            return;
        }
        take(perExactSet, String.join(",", names));
        if (remember(names)) {
            domains(terms).forEach(domain -> take(perDomain, domain));
        }
    }

    /** Counts a validation that failed. */
    public void failed(String accountId, Identifier identifier) {
        take(failures, accountId + ' ' + identifier.value());
    }

    private void require(@Nullable TokenBuckets buckets, String key, String subject, String anchor)
            throws ProblemException {
        Instant now = clock.instant();
        Instant freeAt = buckets == null ? null : buckets.freeAt(key, now);
        if (buckets == null || freeAt == null) {
            return;
        }
        RateLimit limit = buckets.limit();
        throw Problem.of(
                        ProblemType.RATE_LIMITED,
                        subject.formatted(limit.count()) + " in the last " + limit.goPeriod() + ", retry after "
                                + TIME.format(freeAt) + ": see " + PAGE + '#' + anchor)
                .exception()
                .with("Retry-After", Long.toString(secondsUntil(freeAt, now)))
                .with("Link", "<" + PAGE + ">;rel=\"help\"");
    }

    /** Rounded up, so that who comes back then is let in. */
    private static long secondsUntil(Instant freeAt, Instant now) {
        Duration wait = Duration.between(now, freeAt);
        return wait.getNano() == 0 ? wait.toSeconds() : wait.toSeconds() + 1;
    }

    private void take(@Nullable TokenBuckets buckets, String key) {
        if (buckets != null) {
            buckets.take(key, clock.instant());
        }
    }

    private boolean isRenewal(List<String> names) {
        synchronized (issuedSets) {
            return issuedSets.contains(String.join(",", names));
        }
    }

    private boolean remember(List<String> names) {
        synchronized (issuedSets) {
            return issuedSets.add(String.join(",", names));
        }
    }

    private Set<String> domains(OrderTerms terms) {
        return authorizedNames(terms).stream().map(registeredDomain).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A wildcard name is proved, and counted, as the name below its star. */
    private static Set<String> authorizedNames(OrderTerms terms) {
        return terms.identifiers().stream()
                .map(identifier -> identifier.authorized().value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(OrderTerms terms) {
        return terms.identifiers().stream().map(Identifier::value).sorted().toList();
    }

    private static @Nullable TokenBuckets buckets(@Nullable RateLimit limit) {
        return limit == null ? null : new TokenBuckets(limit);
    }
}
