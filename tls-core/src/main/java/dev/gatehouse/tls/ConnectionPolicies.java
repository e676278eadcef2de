package dev.gatehouse.tls;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The policy of each server name: of its exact name, else of the wildcard name that covers it, else the default one. */
final class ConnectionPolicies {

    private final ConnectionPolicy defaultPolicy;
    private final Map<String, ConnectionPolicy> byExactName;
    private final Map<String, ConnectionPolicy> byWildcardParent;

    ConnectionPolicies(
            ConnectionPolicy defaultPolicy,
            Map<ServerName, ConnectionPolicy> exact,
            Map<WildcardName, ConnectionPolicy> wildcard) {
        this.defaultPolicy = defaultPolicy;
        this.byExactName = exact.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().value(), Map.Entry::getValue));
        this.byWildcardParent = wildcard.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getKey().parent().value(), Map.Entry::getValue));
    }

    ConnectionPolicy defaultPolicy() {
        return defaultPolicy;
    }

    ConnectionPolicy of(ServerName name) {
        ConnectionPolicy exact = byExactName.get(name.value());
        if (exact != null) {
            return exact;
        }
        return byWildcardParent.getOrDefault(name.parentValue(), defaultPolicy);
    }

    boolean differByName() {
        return all().size() > 1;
    }

    Set<ConnectionPolicy> all() {
        Set<ConnectionPolicy> all = new LinkedHashSet<>();
        all.add(defaultPolicy);
        all.addAll(byExactName.values());
        all.addAll(byWildcardParent.values());
        return all;
    }
}
