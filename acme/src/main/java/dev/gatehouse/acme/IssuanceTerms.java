package dev.gatehouse.acme;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What an {@link Issuer} demands of a name, so that it can be looked at before an order. Immutable.
 *
 * @param caaIdentities the names by which the authority goes in CAA records (RFC 8555, section 9.7.6); none if it does not
 *     tell, and CAA is then not checked
 * @param account the URL of the account (RFC 8657), if there is one yet
 * @param challengeTypes how control of a name can be proven, such as {@code http-01}
 */
public record IssuanceTerms(Set<String> caaIdentities, Optional<URI> account, Set<String> challengeTypes) {

    /**
     * Copies the sets.
     *
     * @param caaIdentities the names by which the authority goes in CAA records
     * @param account the URL of the account
     * @param challengeTypes how control of a name can be proven
     */
    public IssuanceTerms {
        caaIdentities = Set.copyOf(caaIdentities);
        challengeTypes = Set.copyOf(challengeTypes);
    }

    /** {@return terms of which nothing is known} */
    public static IssuanceTerms unknown() {
        return new IssuanceTerms(Set.of(), Optional.empty(), Set.of());
    }
}
