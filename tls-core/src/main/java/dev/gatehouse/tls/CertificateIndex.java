package dev.gatehouse.tls;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Credentials by the names they are good for. A name is looked up as an exact name, then as the one wildcard name that
 * can cover it; the cost does not depend on how many names there are, and nothing is remembered about names that clients
 * ask for.
 *
 * <p>Several credentials may cover one name. The choice prefers, in this order: one whose signatures the client can
 * verify, one that is valid now, an exact name over a wildcard, an ECDSA key, the longest remaining life. So an expired
 * certificate is shown only when there is no valid one.
 *
 * <p>Safe for use by several threads: look-ups take no lock and see each change as soon as it has returned.
 */
public final class CertificateIndex implements CertificateResolver {

    private static final Credential[] NONE = {};

    private final InstantSource clock;
    private final Map<String, Credential[]> byExactName = new ConcurrentHashMap<>();
    private final Map<String, Credential[]> byWildcardParent = new ConcurrentHashMap<>();

    private CertificateIndex(InstantSource clock) {
        this.clock = clock;
    }

    /** {@return an empty index that judges validity by the system's clock} */
    public static CertificateIndex create() {
        return create(InstantSource.system());
    }

    /**
     * Makes an empty index.
     *
     * @param clock tells the time by which validity is judged
     * @return the index
     */
    public static CertificateIndex create(InstantSource clock) {
        return new CertificateIndex(clock);
    }

    /**
     * Adds a credential under all its names, beside those that are there already.
     *
     * @param credential the credential
     */
    public void add(Credential credential) {
        for (ServerName name : credential.coverage().exactNames()) {
            addUnder(byExactName, name, credential);
        }
        for (WildcardName name : credential.coverage().wildcardNames()) {
            addUnder(byWildcardParent, name.parent(), credential);
        }
    }

    /**
     * Removes a credential from all its names. Handshakes that have chosen it already are not disturbed.
     *
     * @param credential the credential; nothing happens if it is not there
     */
    public void remove(Credential credential) {
        for (ServerName name : credential.coverage().exactNames()) {
            removeUnder(byExactName, name, credential);
        }
        for (WildcardName name : credential.coverage().wildcardNames()) {
            removeUnder(byWildcardParent, name.parent(), credential);
        }
    }

    /**
     * Puts a credential in the place of another. At no moment is a name of both without a credential.
     *
     * @param previous what is removed
     * @param next what is added
     */
    public void replace(Credential previous, Credential next) {
        add(next);
        remove(previous);
    }

    /**
     * Chooses the credential for a handshake.
     *
     * @param hello what the client said
     * @return the best credential, or empty if none covers the requested name, or if the name is missing
     */
    public Optional<Credential> select(ClientHello hello) {
        ServerName name = hello.serverName().orElse(null);
        if (name == null) {
            return Optional.empty();
        }
        Credential[] exact = byExactName.get(name.value());
        Credential[] wildcard = byWildcardParent.get(name.parentValue());
        if (exact == null && wildcard == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(new Choice(hello, clock.millis()).among(exact, wildcard));
    }

    /**
     * Finds all credentials that cover a name.
     *
     * @param name the name
     * @return those with the exact name, then those with the wildcard
     */
    public List<Credential> covering(ServerName name) {
        Set<Credential> both = new LinkedHashSet<>();
        both.addAll(List.of(byExactName.getOrDefault(name.value(), NONE)));
        both.addAll(List.of(byWildcardParent.getOrDefault(name.parentValue(), NONE)));
        return List.copyOf(both);
    }

    /** Answers as {@link #select} does, at once. */
    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        return CompletableFuture.completedFuture(select(hello));
    }

    /** The preferences of one handshake. */
    private record Choice(ClientHello hello, long nowMillis) {

        @Nullable
        Credential among(Credential @Nullable [] exact, Credential @Nullable [] wildcard) {
            return better(best(exact), best(wildcard));
        }

        private @Nullable Credential best(Credential @Nullable [] candidates) {
            if (candidates == null) {
                return null;
            }
            Credential best = candidates[0];
            for (int i = 1; i < candidates.length; i++) {
                best = isBetter(candidates[i], best) ? candidates[i] : best;
            }
            return best;
        }

        /** The exact one, unless the wildcard one can do what the exact one cannot. */
        private @Nullable Credential better(@Nullable Credential exact, @Nullable Credential wildcard) {
            if (exact == null || wildcard == null) {
                return exact == null ? wildcard : exact;
            }
            return fitness(wildcard) > fitness(exact) ? wildcard : exact;
        }

        private boolean isBetter(Credential candidate, Credential best) {
            int difference = fitness(candidate) - fitness(best);
            if (difference != 0) {
                return difference > 0;
            }
            boolean isEc = candidate.keyType() == KeyType.EC;
            if (isEc != (best.keyType() == KeyType.EC)) {
                return isEc;
            }
            return candidate.notAfterMillis() > best.notAfterMillis();
        }

        private int fitness(Credential credential) {
            return (hello.canVerify(credential) ? 2 : 0) + (credential.isValidAt(nowMillis) ? 1 : 0);
        }
    }

    private static void addUnder(Map<String, Credential[]> credentials, ServerName name, Credential credential) {
        credentials.merge(name.value(), new Credential[] {credential}, CertificateIndex::union);
    }

    private static Credential[] union(Credential[] present, Credential[] added) {
        if (Arrays.asList(present).contains(added[0])) {
            return present;
        }
        Credential[] both = Arrays.copyOf(present, present.length + 1);
        both[present.length] = added[0];
        return both;
    }

    private static void removeUnder(Map<String, Credential[]> credentials, ServerName name, Credential credential) {
        credentials.computeIfPresent(name.value(), (key, present) -> {
            Credential[] remaining =
                    Arrays.stream(present).filter(other -> other != credential).toArray(Credential[]::new);
            return remaining.length == 0 ? null : remaining;
        });
    }
}
