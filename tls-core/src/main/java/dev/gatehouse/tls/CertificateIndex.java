package dev.gatehouse.tls;

import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    private final InstantSource clock;

    /** Held while the names change, never while they are read. */
    private final Object changes = new Object();

    private final NameTable byExactName = new NameTable();
    private final NameTable byWildcardParent = new NameTable();

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
        synchronized (changes) {
            Candidates only = Candidates.only(credential);
            exactNames(credential).forEach(name -> add(byExactName, name, credential, only));
            wildcardParents(credential).forEach(name -> add(byWildcardParent, name, credential, only));
        }
    }

    /**
     * Removes a credential from all its names. Handshakes that have chosen it already are not disturbed.
     *
     * @param credential the credential; nothing happens if it is not there
     */
    public void remove(Credential credential) {
        synchronized (changes) {
            exactNames(credential).forEach(name -> remove(byExactName, name, credential));
            wildcardParents(credential).forEach(name -> remove(byWildcardParent, name, credential));
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
            return remove(byExactName, name.value());
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
            return remove(byWildcardParent, name.parent().value());
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
        CredentialChoice choice = new CredentialChoice(hello, clock.millis());
        SipHash hash = SipHash.of(name.value(), 0);
        Credential only = byExactName.onlyAndFit(hash, choice);
        if (only != null) {
            return Optional.of(only);
        }
        Candidates exact = byExactName.get(hash);
        Credential best = exact == null ? null : exact.best(choice);
        if (best != null && choice.isFit(best)) {
            return Optional.of(best);
        }
        return Optional.ofNullable(choice.better(best, byWildcard(name, hash, choice)));
    }

    private @Nullable Credential byWildcard(ServerName name, SipHash hash, CredentialChoice choice) {
        int parent = parentIndex(name);
        if (parent == 0) {
            return null;
        }
        hash.next(name.value(), parent);
        Credential only = byWildcardParent.onlyAndFit(hash, choice);
        if (only != null) {
            return only;
        }
        Candidates candidates = byWildcardParent.get(hash);
        return candidates == null ? null : candidates.best(choice);
    }

    /**
     * Finds all credentials that cover a name.
     *
     * @param name the name
     * @return those with the exact name, then those with the wildcard
     */
    public List<Credential> covering(ServerName name) {
        Set<Credential> both = new LinkedHashSet<>(all(byExactName.get(SipHash.of(name.value(), 0))));
        int parent = parentIndex(name);
        if (parent > 0) {
            both.addAll(all(byWildcardParent.get(SipHash.of(name.value(), parent))));
        }
        return List.copyOf(both);
    }

    /** Answers as {@link #select} does, at once. */
    @Override
    public CompletionStage<Optional<Credential>> resolve(ClientHello hello) {
        return CompletableFuture.completedFuture(select(hello));
    }

    private static void add(NameTable names, String name, Credential credential, Candidates only) {
        SipHash hash = SipHash.of(name, 0);
        Candidates present = names.get(hash);
        if (present == null) {
            names.put(hash, only);
        } else if (!present.contains(credential)) {
            names.put(hash, present.with(credential));
        }
    }

    private static void remove(NameTable names, String name, Credential credential) {
        SipHash hash = SipHash.of(name, 0);
        Candidates present = names.get(hash);
        if (present != null && present.contains(credential)) {
            names.put(hash, present.without(credential));
        }
    }

    private static boolean remove(NameTable names, String name) {
        SipHash hash = SipHash.of(name, 0);
        boolean isThere = names.get(hash) != null;
        names.put(hash, null);
        return isThere;
    }

    private static List<Credential> all(@Nullable Candidates candidates) {
        return candidates == null ? List.of() : candidates.all();
    }

    private static List<String> exactNames(Credential credential) {
        return credential.coverage().exact().stream().map(ServerName::value).toList();
    }

    private static List<String> wildcardParents(Credential credential) {
        return credential.coverage().wildcards().stream()
                .map(name -> name.parent().value())
                .toList();
    }

    /** Where the name without its first label begins; 0 if no wildcard name can cover it. */
    private static int parentIndex(ServerName name) {
        return name.isIpAddress() ? 0 : name.value().indexOf('.') + 1;
    }
}
