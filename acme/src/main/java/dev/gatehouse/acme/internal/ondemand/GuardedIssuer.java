package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.Issuer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An issuer, with the guard that keeps to its limits.
 *
 * @param issuer who issues
 * @param guard lets orders through
 * @param rehearsal where orders are rehearsed after a failed validation
 */
record GuardedIssuer(Issuer issuer, AuthorityGuard guard, Optional<GuardedIssuer> rehearsal) {

    static GuardedIssuer of(Issuer issuer, CertificateStorage storage, InstantSource clock, RandomGenerator random) {
        return new GuardedIssuer(
                issuer,
                new AuthorityGuard(issuer, storage, clock, random),
                issuer.rehearsal()
                        .map(partner -> new GuardedIssuer(
                                partner, new AuthorityGuard(partner, storage, clock, random), Optional.empty())));
    }

    String identity() {
        return issuer.identity();
    }
}
