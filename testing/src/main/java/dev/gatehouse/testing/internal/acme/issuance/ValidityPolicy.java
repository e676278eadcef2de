package dev.gatehouse.testing.internal.acme.issuance;

import dev.gatehouse.testing.internal.acme.state.OrderTerms;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides how long certificates last: what the order asks for, within what its profile allows. */
public final class ValidityPolicy {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final Duration lifetime;
    private final Map<String, CertificateProfile> profiles;
    private final @Nullable String defaultProfile;

    /**
     * Makes a policy.
     *
     * @param lifetime for orders without a profile
     * @param profiles what orders can choose by name
     * @param defaultProfile the profile of orders that choose none, null for none
     */
    public ValidityPolicy(
            Duration lifetime, Map<String, CertificateProfile> profiles, @Nullable String defaultProfile) {
        this.lifetime = lifetime;
        this.profiles = new TreeMap<>(profiles);
        this.defaultProfile = defaultProfile;
    }

    /** {@return the profile of orders that choose none, null for none} */
    public @Nullable String defaultProfile() {
        return defaultProfile;
    }

    /**
     * Insists on an order that can be filled.
     *
     * @param terms of the new order
     * @param now the present
     * @throws ProblemException {@code invalidProfile}, or {@code malformed} for its validity
     */
    public void require(OrderTerms terms, Instant now) throws ProblemException {
        if (terms.profile() != null && !profiles.containsKey(terms.profile())) {
            throw Problem.of(
                            ProblemType.INVALID_PROFILE,
                            "Profile " + Text.quote(terms.profile()) + " is not offered. Choose one of "
                                    + new TreeSet<>(profiles.keySet()) + ", or none.")
                    .exception();
        }
        Instant start = start(terms, now);
        Instant end = end(terms, now);
        Duration longest = longest(terms);
        if (Duration.between(start, end).compareTo(SHORTEST) < 0 || end.isAfter(start.plus(longest))) {
            throw Problem.of(
                            ProblemType.MALFORMED,
                            "The order asks for validity from " + start + " to " + end + ". Ask for at least "
                                    + SHORTEST + " and at most " + longest
                                    + ", or leave 'notBefore' and 'notAfter' out.")
                    .exception();
        }
    }

    Instant start(OrderTerms terms, Instant now) {
        return terms.notBefore() == null ? now : terms.notBefore();
    }

    Instant end(OrderTerms terms, Instant now) {
        return terms.notAfter() == null ? start(terms, now).plus(longest(terms)) : terms.notAfter();
    }

    private Duration longest(OrderTerms terms) {
        CertificateProfile profile = terms.profile() == null ? null : profiles.get(terms.profile());
        return profile == null ? lifetime : profile.lifetime();
    }
}
