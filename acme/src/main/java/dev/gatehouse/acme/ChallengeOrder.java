package dev.gatehouse.acme;

import java.util.List;
import java.util.Map;

/**
 * Which challenges to answer for a name. Immutable.
 *
 * @param possible the types to try, best first
 * @param leftOut the types that cannot be used, with the reason for each, a clause without a full stop
 */
public record ChallengeOrder(List<ChallengeType> possible, Map<ChallengeType, String> leftOut) {

    /**
     * Copies the collections.
     *
     * @param possible the types to try
     * @param leftOut the types that cannot be used
     */
    public ChallengeOrder {
        possible = List.copyOf(possible);
        leftOut = Map.copyOf(leftOut);
    }
}
