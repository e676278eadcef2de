package dev.gatehouse.tls;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

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

    private final InstantSource clock;
    private final Map<ServerName, List<Credential>> byExactName = new ConcurrentHashMap<>();
    private final Map<ServerName, List<Credential>> byWildcardParent = new ConcurrentHashMap<>();

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
        credential.coverage().exactNames().forEach(name -> addUnder(byExactName, name, credential));
        credential.coverage().wildcardNames().forEach(name -> addUnder(byWildcardParent, name.parent(), credential));
    }

    /**
     * Removes a credential from all its names. Handshakes that have chosen it already are not disturbed.
     *
     * @param credential the credential; nothing happens if it is not there
     */
    public void remove(Credential credential) {
        credential.coverage().exactNames().forEach(name -> removeUnder(byExactName, name, credential));
        credential.coverage().wildcardNames().forEach(name -> removeUnder(byWildcardParent, name.parent(), credential));
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
        return hello.serverName().flatMap(name -> best(name, hello));
    }

    /**
     * Finds all credentials that cover a name.
     *
     * @param name the name
     * @return those with the exact name, then those with the wildcard
     */
    public List<Credential> covering(ServerName name) {
        List<Credential> exact = byExactName.getOrDefault(name, List.of());
        List<Credential> wildcard = name.parent()
                .map(parent -> byWildcardParent.getOrDefault(parent, List.of()))
                .orElse(List.of());
        if (wildcard.isEmpty()) {
            return exact;
        }
        List<Credential> both = new ArrayList<>(exact);
        wildcard.stream().filter(credential -> !exact.contains(credential)).forEach(both::add);
        return List.copyOf(both);
    }

    /** Answers as {@link #select} does, at once. */
    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        return CompletableFuture.completedFuture(select(hello));
    }

    private Optional<Credential> best(ServerName name, ClientHello hello) {
        List<Credential> candidates = covering(name);
        if (candidates.size() <= 1) {
            return candidates.stream().findFirst();
        }
        Instant now = clock.instant();
        return candidates.stream()
                .max(Comparator.comparing(hello::canVerify)
                        .thenComparing(credential -> credential.isValidAt(now))
                        .thenComparing(
                                credential -> credential.coverage().exactNames().contains(name))
                        .thenComparing(credential -> credential.keyType() == KeyType.EC)
                        .thenComparing(Credential::notAfter));
    }

    private static void addUnder(
            Map<ServerName, List<Credential>> credentials, ServerName name, Credential credential) {
        credentials.merge(name, List.of(credential), CertificateIndex::union);
    }

    private static List<Credential> union(List<Credential> present, List<Credential> added) {
        if (present.containsAll(added)) {
            return present;
        }
        List<Credential> both = new ArrayList<>(present);
        both.addAll(added);
        return List.copyOf(both);
    }

    private static void removeUnder(
            Map<ServerName, List<Credential>> credentials, ServerName name, Credential credential) {
        credentials.computeIfPresent(name, (key, present) -> {
            List<Credential> remaining =
                    present.stream().filter(other -> other != credential).toList();
            return remaining.isEmpty() ? null : remaining;
        });
    }
}
