package dev.gatehouse.tls;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The set of names that a certificate, or a configuration, is good for: exact names and wildcard names.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Coverage {

    private final SortedSet<ServerName> exactNames;
    private final SortedSet<WildcardName> wildcardNames;

    private Coverage(SortedSet<ServerName> exactNames, SortedSet<WildcardName> wildcardNames) {
        this.exactNames = Collections.unmodifiableSortedSet(exactNames);
        this.wildcardNames = Collections.unmodifiableSortedSet(wildcardNames);
    }

    /**
     * Makes a coverage from names.
     *
     * @param names exact names and wildcard names, in any spelling
     * @return the coverage
     * @throws InvalidNameException if one of them is neither
     */
    public static Coverage of(Collection<String> names) {
        SortedSet<ServerName> exact = new TreeSet<>();
        SortedSet<WildcardName> wildcards = new TreeSet<>();
        for (String name : names) {
            if (WildcardName.isWildcard(name)) {
                wildcards.add(WildcardName.of(name));
            } else {
                exact.add(ServerName.of(name));
            }
        }
        return new Coverage(exact, wildcards);
    }

    /**
     * Tells whether one of the names is this name, or a wildcard exactly one label above it.
     *
     * @param name the name that a client asks for
     * @return whether it is covered
     */
    public boolean covers(ServerName name) {
        return exactNames.contains(name) || wildcardNames.stream().anyMatch(wildcard -> wildcard.covers(name));
    }

    /**
     * Says why a name is covered or is not: the nearest miss and what to do about it, such as "{@code *.example.com}
     * covers one label; {@code api.app.example.com} is two below. Add {@code *.app.example.com} or use
     * {@code api-app.example.com}."
     *
     * @param name the name that a client asks for
     * @return one or two sentences of bounded length, however many names there are; for people, not for programs
     */
    public String explain(ServerName name) {
        return CoverageExplanation.of(this, name);
    }

    /**
     * The same as {@link #explain(ServerName)} for a name in any spelling.
     *
     * @param name a host name or an IP address
     * @return one or two sentences
     * @throws InvalidNameException if it is neither
     */
    public String explain(String name) {
        return explain(ServerName.of(name));
    }

    /** {@return the names without a star, sorted} */
    public SortedSet<ServerName> exactNames() {
        return exactNames;
    }

    /** {@return the names with a star, sorted} */
    public SortedSet<WildcardName> wildcardNames() {
        return wildcardNames;
    }

    /** {@return whether there is no name at all} */
    public boolean isEmpty() {
        return exactNames.isEmpty() && wildcardNames.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Coverage that
                && exactNames.equals(that.exactNames)
                && wildcardNames.equals(that.wildcardNames);
    }

    @Override
    public int hashCode() {
        return 31 * exactNames.hashCode() + wildcardNames.hashCode();
    }

    /** {@return the names, separated by commas} */
    @Override
    public String toString() {
        return Stream.concat(exactNames.stream(), wildcardNames.stream())
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
