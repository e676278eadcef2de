package dev.gatehouse.acme.internal.challenge;

import dev.gatehouse.acme.ChallengeOrder;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.SubjectName;
import dev.gatehouse.tls.WildcardName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides which challenges to answer for a name: by what it is, by what there is to answer with, and by what worked. */
final class ChallengeChoice {

    private final Map<ChallengeType, ChallengeSolver> solvers = new LinkedHashMap<>();
    private final Set<ChallengeType> restriction;
    private final ChallengeMemory memory;

    /**
     * @param solvers in the order in which they are preferred
     * @param restriction the only types that may be used
     */
    ChallengeChoice(List<ChallengeSolver> solvers, Set<ChallengeType> restriction, ChallengeMemory memory) {
        solvers.forEach(solver -> this.solvers.put(solver.type(), solver));
        this.restriction = restriction;
        this.memory = memory;
    }

    ChallengeOrder choose(SubjectName name, Set<ChallengeType> offered) {
        List<ChallengeType> possible = new ArrayList<>();
        Map<ChallengeType, String> leftOut = new EnumMap<>(ChallengeType.class);
        for (ChallengeType type : inPreference()) {
            Optional<String> reason = reasonAgainst(type, name, offered);
            reason.ifPresentOrElse(text -> leftOut.put(type, text), () -> possible.add(type));
        }
        return new ChallengeOrder(memory.inOrder(possible, name), leftOut);
    }

    private List<ChallengeType> inPreference() {
        List<ChallengeType> types = new ArrayList<>(solvers.keySet());
        for (ChallengeType type : ChallengeType.values()) {
            if (!types.contains(type)) {
                types.add(type);
            }
        }
        return types;
    }

    private Optional<String> reasonAgainst(ChallengeType type, SubjectName name, Set<ChallengeType> offered) {
        if (name instanceof WildcardName && type != ChallengeType.DNS_01) {
            return Optional.of("it cannot validate wildcard names");
        }
        if (type == ChallengeType.DNS_01 && name instanceof ServerName server && server.isIpAddress()) {
            return Optional.of("it cannot validate IP addresses");
        }
        if (!restriction.contains(type)) {
            return Optional.of("challenges(…) does not name it");
        }
        ChallengeSolver solver = solvers.get(type);
        if (solver == null) {
            return Optional.of("no DNS provider is set, see dns01(…)");
        }
        if (!offered.contains(type)) {
            return Optional.of("the certificate authority does not offer it");
        }
        return solver.hindrance();
    }

    /** What is possible for some name. */
    Set<ChallengeType> types() {
        Set<ChallengeType> types = EnumSet.noneOf(ChallengeType.class);
        solvers.values().stream()
                .filter(solver -> restriction.contains(solver.type()))
                .filter(solver -> solver.hindrance().isEmpty())
                .forEach(solver -> types.add(solver.type()));
        return types;
    }
}
