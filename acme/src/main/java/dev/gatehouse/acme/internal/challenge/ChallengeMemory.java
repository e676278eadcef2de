package dev.gatehouse.acme.internal.challenge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.ChallengeType;
import dev.gatehouse.tls.SubjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What worked and what failed before, for as many names as there is room for. A name begins with what worked for it, and
 * ends with what failed, the latest failure last; nothing is left out for good, since whoever failed may have been mended.
 *
 * <p>For a name of which nothing is known one thing is learnt from others: a type comes last if it has failed for
 * several names for which another type then worked, and for none has worked since. A name for which everything fails
 * says nothing about types: the fault is its own. Safe for use by several threads.
 */
final class ChallengeMemory {

    static final int MOST_NAMES = 10_000;
    static final int LOST_TOO_OFTEN = 3;

    private final Cache<String, Outcomes> byName =
            Caffeine.newBuilder().maximumSize(MOST_NAMES).build();
    private final Map<ChallengeType, Integer> lost = new ConcurrentHashMap<>();

    /**
     * @param worked what worked last, if anything
     * @param failed what failed since, the latest last
     */
    private record Outcomes(Optional<ChallengeType> worked, List<ChallengeType> failed) {

        static final Outcomes NONE = new Outcomes(Optional.empty(), List.of());

        Outcomes withFailure(ChallengeType type) {
            List<ChallengeType> all = new ArrayList<>(failed);
            all.remove(type);
            all.add(type);
            return new Outcomes(worked.filter(other -> other != type), List.copyOf(all));
        }

        int rank(ChallengeType type) {
            return worked.filter(type::equals).isPresent() ? -1 : failed.indexOf(type) + 1;
        }
    }

    void validated(ChallengeType type, SubjectName name) {
        Outcomes before = byName.getIfPresent(name.value());
        if (before != null && before.worked().isEmpty()) {
            before.failed().stream()
                    .filter(loser -> loser != type)
                    .forEach(loser -> lost.merge(loser, 1, Integer::sum));
        }
        lost.remove(type);
        List<ChallengeType> failed = before == null
                ? List.of()
                : before.failed().stream().filter(other -> other != type).toList();
        byName.put(name.value(), new Outcomes(Optional.of(type), failed));
    }

    void failed(ChallengeType type, SubjectName name) {
        byName.asMap()
                .merge(name.value(), Outcomes.NONE.withFailure(type), (before, fresh) -> before.withFailure(type));
    }

    /** The types in the order in which to try them. */
    List<ChallengeType> inOrder(List<ChallengeType> types, SubjectName name) {
        @Nullable Outcomes known = byName.getIfPresent(name.value());
        Comparator<ChallengeType> order = known == null
                ? Comparator.comparing(type -> lost.getOrDefault(type, 0) >= LOST_TOO_OFTEN)
                : Comparator.comparingInt(known::rank);
        return types.stream().sorted(order).toList();
    }
}
