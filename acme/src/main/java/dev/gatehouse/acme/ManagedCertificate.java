package dev.gatehouse.acme;

import dev.gatehouse.tls.SubjectName;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that a manager is to have at all times: with one name or with several, and with what kind of key.
 *
 * <p>The order of the names does not matter: the same names are the same certificate, on each start and on each node. When
 * the authority cannot validate one name of several, that name goes on alone, so that the others get their certificate, and
 * comes back when it works.
 *
 * <p>Immutable: each method that sets something returns another one, and refuses to set anything twice.
 */
public final class ManagedCertificate {

    private static final int MAX_NAMES = 100;

    /** The domain before what is below it, so that a group goes under the name that people know it by. */
    private static final Comparator<SubjectName> SHORTEST_FIRST = Comparator.comparingInt(
                    (SubjectName name) -> name.value().length())
            .thenComparing(Comparator.naturalOrder());

    private final SortedSet<SubjectName> names;
    private final Optional<CertificateKey> key;
    private final Optional<CertificateKey> companion;

    private ManagedCertificate(
            SortedSet<SubjectName> names, Optional<CertificateKey> key, Optional<CertificateKey> companion) {
        this.names = names;
        this.key = key;
        this.companion = companion;
    }

    /**
     * Asks for one certificate with all these names.
     *
     * @param names exact names and wildcard names, in any spelling, 1 to 100
     * @return the certificate
     * @throws dev.gatehouse.tls.InvalidNameException if one of them is no name
     * @throws IllegalArgumentException if there are none, or too many, or one of them twice
     */
    public static ManagedCertificate of(String... names) {
        SortedSet<SubjectName> sorted = new TreeSet<>(SHORTEST_FIRST);
        Arrays.stream(names).map(SubjectName::of).forEach(name -> {
            if (!sorted.add(name)) {
                throw new IllegalArgumentException(name + ": named twice for one certificate. Name it once.");
            }
        });
        if (sorted.isEmpty() || sorted.size() > MAX_NAMES) {
            throw new IllegalArgumentException("names: " + sorted.size() + " for one certificate (expected: 1 to "
                    + MAX_NAMES + "). Manage several certificates.");
        }
        return new ManagedCertificate(Collections.unmodifiableSortedSet(sorted), Optional.empty(), Optional.empty());
    }

    /**
     * Sets the kind of its key.
     *
     * @param kind the kind; without this, the issuer's usual one
     * @return the certificate with such a key, from its next issuance on
     * @throws IllegalStateException if it was set before
     */
    public ManagedCertificate key(CertificateKey kind) {
        requireUnset(key, "key", kind);
        return new ManagedCertificate(names, Optional.of(kind), companion);
    }

    /**
     * Asks for a second certificate with another kind of key, for clients that cannot verify the first: usually
     * {@link CertificateKey#RSA_2048}. Each handshake gets the one that its client can verify.
     *
     * @param kind the kind of the other key
     * @return both certificates
     * @throws IllegalStateException if one was asked for before, or if it is the kind of the first
     */
    public ManagedCertificate alsoWith(CertificateKey kind) {
        requireUnset(companion, "alsoWith", kind);
        if (key.orElse(CertificateKey.EC_P256) == kind) {
            throw new IllegalStateException(
                    this + ": both certificates have a key of kind " + kind + ". Choose another for one of them.");
        }
        return new ManagedCertificate(names, key, Optional.of(kind));
    }

    /** {@return the names, shortest first; unmodifiable} */
    public SortedSet<SubjectName> names() {
        return names;
    }

    /** {@return the name under which its events and its status go: the shortest} */
    public SubjectName subject() {
        return names.first();
    }

    /** {@return the kind of its key, if it is not the issuer's usual one} */
    public Optional<CertificateKey> key() {
        return key;
    }

    /** {@return the kind of the key of the second certificate, if one is asked for} */
    public Optional<CertificateKey> companionKey() {
        return companion;
    }

    private void requireUnset(Optional<CertificateKey> present, String setting, CertificateKey next) {
        if (present.isPresent()) {
            throw new IllegalStateException(this + ": " + setting + " is set twice, to " + present.get() + " and to "
                    + next + ". Set it once.");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ManagedCertificate that
                && List.copyOf(names).equals(List.copyOf(that.names))
                && key.equals(that.key)
                && companion.equals(that.companion);
    }

    @Override
    public int hashCode() {
        return Objects.hash(List.copyOf(names), key, companion);
    }

    /** {@return the names, separated by commas} */
    @Override
    public String toString() {
        return String.join(", ", names.stream().map(SubjectName::value).toList());
    }
}
