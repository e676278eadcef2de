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
 * <p>Several credentials may cover one name: an EC and an RSA one, an old and a new one. The choice prefers, in this
 * order: one whose signatures the client can verify, one that is valid now, an exact name over a wildcard, an ECDSA key,
 * the longest remaining life. So an expired certificate is shown only when the client can verify no valid one.
 *
 * <p>Safe for use by several threads: look-ups take no lock and see each change as soon as it has returned; changes are
 * made one after another. A change reaches the names of a credential one by one.
 */
public final class CertificateIndex implements CertificateResolver {

    private static final Credential[] NONE = {};

    private final InstantSource clock;

    /** Held while the maps change, never while they are read. */
    private final Object changes = new Object();

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
     * @param credential the credential; nothing happens if it is there already
     */
    public void add(Credential credential) {
        Credential[] alone = {credential};
        synchronized (changes) {
            for (ServerName name : credential.coverage().exact()) {
                byExactName.merge(name.value(), alone, CertificateIndex::union);
            }
            for (WildcardName name : credential.coverage().wildcards()) {
                byWildcardParent.merge(name.parent().value(), alone, CertificateIndex::union);
            }
        }
    }

    /**
     * Removes a credential from all its names. Handshakes that have chosen it already are not disturbed.
     *
     * @param credential the credential; nothing happens if it is not there
     */
    public void remove(Credential credential) {
        synchronized (changes) {
            for (ServerName name : credential.coverage().exact()) {
                byExactName.computeIfPresent(name.value(), (key, present) -> without(present, credential));
            }
            for (WildcardName name : credential.coverage().wildcards()) {
                byWildcardParent.computeIfPresent(
                        name.parent().value(), (key, present) -> without(present, credential));
            }
        }
    }

    /**
     * Removes one exact name from all credentials that have it. Their other names stay, and a wildcard name goes on
     * covering this one.
     *
     * @param name the name
     * @return whether it was there
     */
    public boolean remove(ServerName name) {
        synchronized (changes) {
            return byExactName.remove(name.value()) != null;
        }
    }

    /**
     * Removes one wildcard name from all credentials that have it. Their other names stay, exact ones below it too.
     *
     * @param name the name
     * @return whether it was there
     */
    public boolean remove(WildcardName name) {
        synchronized (changes) {
            return byWildcardParent.remove(name.parent().value()) != null;
        }
    }

    /**
     * Puts a credential in the place of another. At no moment is a name of both without a credential.
     *
     * @param previous what is removed; it need not be there
     * @param next what is added
     */
    public void replace(Credential previous, Credential next) {
        synchronized (changes) {
            add(next);
            if (previous != next) {
                remove(previous);
            }
        }
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
        CredentialChoice choice = new CredentialChoice(hello, clock.millis());
        Credential best = choice.best(exact);
        if (best != null && choice.isFit(best)) {
            return Optional.of(best);
        }
        return Optional.ofNullable(choice.better(best, choice.best(byWildcardParent.get(name.parentValue()))));
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

    private static Credential[] union(Credential[] present, Credential[] added) {
        if (Arrays.asList(present).contains(added[0])) {
            return present;
        }
        Credential[] both = Arrays.copyOf(present, present.length + 1);
        both[present.length] = added[0];
        return both;
    }

    private static Credential @Nullable [] without(Credential[] present, Credential credential) {
        Credential[] remaining =
                Arrays.stream(present).filter(other -> other != credential).toArray(Credential[]::new);
        return remaining.length == 0 ? null : remaining;
    }
}
