package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.IssuanceException;
import java.util.Set;

/**
 * Which failures another certificate authority can mend.
 *
 * <ul>
 *   <li>An authority that cannot be reached or has a fault, and one whose limits are used up: another one has neither.
 *   <li>A refusal: it is about the policy, the settings or the account of this authority. {@code rejectedIdentifier} is its
 *       own list of names, {@code badCSR} its own list of keys, {@code externalAccountRequired} its own accounts.
 *   <li>A validation that failed for {@code caa}: the records of the name may allow another authority.
 *   <li>A validation that failed for {@code serverInternal}: the authority could not look.
 *   <li>No other validation that failed ({@code connection}, {@code dns}, {@code incorrectResponse}, {@code tls}, {@code
 *       unauthorized}, and what is not known): all authorities look at the same place, and would see the same. Asking
 *       them would use up their limits for nothing.
 * </ul>
 */
final class FallBack {

    private static final Set<String> OF_THIS_AUTHORITY = Set.of("caa", "serverInternal");

    private FallBack() {}

    static boolean helpsAgainst(IssuanceException failure) {
        return switch (failure.kind()) {
            case AUTHORITY_FAILED, RATE_LIMITED, REFUSED -> true;
            case VALIDATION_FAILED ->
                failure.problem().filter(OF_THIS_AUTHORITY::contains).isPresent();
        };
    }
}
