package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.acme.Http01Challenges;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.TlsAlpn01Challenges;
import dev.gatehouse.acme.dns.Dns01;
import dev.gatehouse.acme.dns.Dns01Solver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the user has set about challenges. Not safe for use by several threads. */
public final class ChallengeSettings {

    private @Nullable Dns01 dns01;
    private @Nullable List<ChallengeType> types;

    /** Sets how DNS-01 is answered, once. */
    public void dns01(Dns01 settings) {
        if (dns01 != null) {
            throw new IllegalStateException("dns01 was already set. Name several providers in one, see Dns01.forZone.");
        }
        dns01 = settings;
    }

    /** Whether DNS-01 can be answered, which alone proves control of wildcard names. */
    public boolean haveDns01() {
        return dns01 != null;
    }

    /** Sets which types are used, in their order, once. */
    public void types(ChallengeType... inOrder) {
        if (types != null) {
            throw new IllegalStateException("challenges was already set to " + types + ". Name all types at once.");
        }
        if (inOrder.length == 0) {
            throw new IllegalArgumentException("challenges: none (expected: at least one type)");
        }
        Set<ChallengeType> distinct = new LinkedHashSet<>();
        for (ChallengeType type : inOrder) {
            if (!distinct.add(type)) {
                throw new IllegalArgumentException("challenges: " + type + " is named twice. Name it once.");
            }
        }
        types = List.copyOf(distinct);
    }

    /**
     * What the solvers work with.
     *
     * @param http01 the answers that servers on port 80 give
     * @param tlsAlpn01 the answers that gates give
     * @param isGateAttached whether there is a gate
     * @param storage where leftovers in DNS are written down
     * @param clock tells the time
     * @param random makes pauses differ
     * @param worker runs what may block
     * @param timer runs work later
     */
    public record Tools(
            Http01Challenges http01,
            TlsAlpn01Challenges tlsAlpn01,
            BooleanSupplier isGateAttached,
            CertificateStorage storage,
            InstantSource clock,
            RandomGenerator random,
            Executor worker,
            IssuanceContext.Timer timer) {}

    /** Checks that the settings go together. */
    public void requireConsistent() {
        List<ChallengeType> named = types;
        if (named == null) {
            return;
        }
        if (dns01 == null && named.contains(ChallengeType.DNS_01)) {
            throw new IllegalStateException("challenges names dns-01, but no DNS provider is set. Call dns01(…) too.");
        }
        if (dns01 != null && !named.contains(ChallengeType.DNS_01)) {
            throw new IllegalStateException(
                    "dns01 is set, but challenges does not name dns-01. Leave one of them out.");
        }
    }

    /** Makes the challenges of a manager. */
    public ManagedChallenges challenges(Tools tools) {
        List<ChallengeType> order = Optional.ofNullable(types).orElseGet(this::usualOrder);
        Set<ChallengeType> restriction = EnumSet.copyOf(order);
        List<ChallengeSolver> solvers = new ArrayList<>();
        for (ChallengeType type : order) {
            solvers.add(solver(type, tools));
        }
        return new ManagedChallenges(solvers, types == null ? EnumSet.allOf(ChallengeType.class) : restriction);
    }

    /** Who sets a DNS provider means it, and a zone that is not the provider's is found out before anybody is asked to look. */
    private List<ChallengeType> usualOrder() {
        return dns01 == null
                ? List.of(ChallengeType.HTTP_01, ChallengeType.TLS_ALPN_01)
                : List.of(ChallengeType.DNS_01, ChallengeType.HTTP_01, ChallengeType.TLS_ALPN_01);
    }

    private ChallengeSolver solver(ChallengeType type, Tools tools) {
        return switch (type) {
            case HTTP_01 -> new Http01Solver(tools.http01(), tools.worker());
            // Named by the user, it may be answered by another node, or by a server that is not attached.
            case TLS_ALPN_01 ->
                new TlsAlpn01Solver(
                        tools.tlsAlpn01(), types == null ? tools.isGateAttached() : () -> true, tools.worker());
            case DNS_01 -> dnsSolver(tools);
        };
    }

    private ChallengeSolver dnsSolver(Tools tools) {
        Dns01 settings = dns01;
        if (settings == null) {
            throw new IllegalStateException("No DNS provider is set.");
        }
        Dns01Solver solver = Dns01Solver.builder(settings)
                .worker(tools.worker())
                .timer(tools.timer())
                .clock(tools.clock())
                .random(tools.random())
                .journal(new StorageJournal(tools.storage(), tools.clock()))
                .build();
        return new DnsSolver(solver, tools.timer());
    }
}
