package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.limits.RegistrableDomains;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Counts as an authority counts, by itself: buckets that are refilled evenly. Renewals that name what they replace are counted
 * by no limit but that of failed validations.
 */
final class CountingLimits {

    private final CaLimits limits;
    private final Map<String, Double> filled = new HashMap<>();
    private final Map<String, Instant> countedAt = new HashMap<>();
    private final List<String> exceeded = new ArrayList<>();

    CountingLimits(CaLimits limits) {
        this.limits = limits;
    }

    List<String> exceeded() {
        return exceeded;
    }

    void ordered(IssuanceRequest request, Instant now) {
        if (request.replaced().isEmpty()) {
            count("orders", limits.ordersPerAccount(), now);
        }
    }

    void issued(IssuanceRequest request, Instant now) {
        if (request.replaced().isPresent()) {
            return;
        }
        count("certificates for exactly " + request, limits.certificatesPerNameSet(), now);
        request.names().stream()
                .map(RegistrableDomains::of)
                .collect(Collectors.toCollection(TreeSet::new))
                .forEach(domain -> count("certificates of " + domain, limits.certificatesPerRegisteredDomain(), now));
    }

    void validationFailed(SubjectName name, Instant now) {
        count("failures of " + name, limits.failedValidationsPerName(), now);
    }

    private void count(String bucket, Optional<RateLimit> limit, Instant now) {
        if (limit.isEmpty()) {
            return;
        }
        Duration passed = Duration.between(countedAt.getOrDefault(bucket, now), now);
        double drained = (double) passed.toMillis() / limit.get().refill().toMillis();
        double level = Math.max(0, filled.getOrDefault(bucket, 0.0) - drained) + 1;
        if (level > limit.get().count() + 0.001) {
            exceeded.add(now + " " + bucket + ": " + level + " of " + limit.get());
        }
        filled.put(bucket, level);
        countedAt.put(bucket, now);
    }
}
