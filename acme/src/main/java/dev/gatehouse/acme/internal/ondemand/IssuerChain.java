package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceTerms;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.tls.SubjectName;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The issuers of a manager, in the order in which they are asked; at least one. */
public final class IssuerChain {

    private final List<GuardedIssuer> issuers;
    private final IssuanceContext context;

    IssuerChain(List<Issuer> issuers, IssuanceContext context) {
        this.context = context;
        this.issuers = issuers.stream()
                .map(issuer -> GuardedIssuer.of(issuer, context.storage(), context.clock(), context.random()))
                .toList();
    }

    /** Refuses issuers that are the same. */
    public static List<Issuer> inOrder(Issuer first, Issuer... next) {
        List<Issuer> issuers = new ArrayList<>(List.of(next));
        issuers.add(0, Objects.requireNonNull(first, "first"));
        Set<String> identities = new HashSet<>();
        for (Issuer issuer : issuers) {
            if (!identities.add(issuer.identity())) {
                throw new IllegalArgumentException(
                        "issuers: " + issuer.identity() + " twice (expected: different ones). Leave one out.");
            }
        }
        return List.copyOf(issuers);
    }

    /** All are asked, whatever the others say. */
    public static CompletionStage<Void> rollOverAccountKeys(List<Issuer> issuers, IssuanceContext context) {
        return CompletableFuture.allOf(issuers.stream()
                .map(issuer -> issuer.rollOverAccountKey(context).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    List<GuardedIssuer> inOrder() {
        return issuers;
    }

    boolean isSingle() {
        return issuers.size() == 1;
    }

    /** Who issued a certificate, if that is one of these. */
    Optional<Issuer> issuerOf(String identity) {
        return issuers.stream()
                .map(GuardedIssuer::issuer)
                .filter(issuer -> issuer.identity().equals(identity))
                .findFirst();
    }

    /** The pause that ends first, if all issuers pause as far as one of the names is concerned. May block on storage. */
    Optional<LimitRefusal> pausing(Set<SubjectName> names) {
        List<LimitRefusal> pauses = new ArrayList<>();
        for (GuardedIssuer candidate : issuers) {
            Optional<LimitRefusal> pause = candidate.guard().pausing(names);
            if (pause.isEmpty()) {
                return Optional.empty();
            }
            pauses.add(pause.get());
        }
        return Optional.of(merged(pauses));
    }

    /** All reasons; it frees when the first of them does. */
    static LimitRefusal merged(List<LimitRefusal> refusals) {
        LimitRefusal first = refusals.stream()
                .min(Comparator.comparing(LimitRefusal::freesAt))
                .orElseThrow();
        return new LimitRefusal(
                first.limit(),
                refusals.stream().map(LimitRefusal::reason).distinct().collect(Collectors.joining("; ")),
                first.freesAt());
    }

    /** Whether every issuer looks at a name before it issues, so that a name that cannot be proven is hopeless. */
    boolean alwaysProvesControl() {
        return issuers.stream().allMatch(candidate -> candidate.issuer().provesControl());
    }

    /**
     * What a name has to meet for one of the issuers at least. An issuer that cannot be asked now demands nothing. The
     * account counts only where there is one issuer, since CAA records may name one account of each.
     */
    CompletionStage<IssuanceTerms> terms() {
        CompletionStage<List<IssuanceTerms>> all = CompletableFuture.completedFuture(List.of());
        for (GuardedIssuer candidate : issuers) {
            CompletionStage<IssuanceTerms> terms =
                    candidate.issuer().terms(context).exceptionally(unreachable -> IssuanceTerms.unknown());
            all = all.thenCombine(terms, IssuerChain::append);
        }
        return all.thenApply(IssuerChain::least);
    }

    private static List<IssuanceTerms> append(List<IssuanceTerms> earlier, IssuanceTerms next) {
        List<IssuanceTerms> longer = new ArrayList<>(earlier);
        longer.add(next);
        return longer;
    }

    private static IssuanceTerms least(List<IssuanceTerms> all) {
        if (all.size() == 1) {
            return all.get(0);
        }
        Set<String> identities = new HashSet<>();
        Set<String> challenges = new HashSet<>();
        all.forEach(terms -> {
            identities.addAll(terms.caaIdentities());
            challenges.addAll(terms.challengeTypes());
        });
        boolean tellNotAll =
                all.stream().anyMatch(terms -> terms.caaIdentities().isEmpty());
        return new IssuanceTerms(tellNotAll ? Set.of() : identities, Optional.<URI>empty(), challenges);
    }

    /** What is used of their limits for a name, in words. May block on storage. */
    String forecast(SubjectName name) {
        return isSingle()
                ? issuers.get(0).guard().forecast(name)
                : issuers.stream()
                        .map(candidate ->
                                candidate.identity() + ": " + candidate.guard().forecast(name))
                        .collect(Collectors.joining("; "));
    }
}
