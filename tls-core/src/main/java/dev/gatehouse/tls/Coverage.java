package dev.gatehouse.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
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

    private static final ServerName[] NO_EXACT_NAMES = {};
    private static final WildcardName[] NO_WILDCARD_NAMES = {};

    /** Sorted, each once. Arrays, because there is one coverage for each of very many certificates. */
    private final ServerName[] exactNames;

    private final WildcardName[] wildcardNames;

    private Coverage(ServerName[] exactNames, WildcardName[] wildcardNames) {
        this.exactNames = exactNames;
        this.wildcardNames = wildcardNames;
    }

    /**
     * Makes a coverage from names.
     *
     * @param names exact names and wildcard names, in any spelling
     * @return the coverage
     * @throws InvalidNameException if one of them is neither
     */
    public static Coverage of(Collection<String> names) {
        List<ServerName> exact = new ArrayList<>(names.size());
        List<WildcardName> wildcards = new ArrayList<>();
        for (String name : names) {
            if (WildcardName.isWildcard(name)) {
                wildcards.add(WildcardName.of(name));
            } else {
                exact.add(ServerName.of(name));
            }
        }
        return of(exact, wildcards);
    }

    static Coverage of(List<ServerName> exact, List<WildcardName> wildcards) {
        return new Coverage(
                exact.isEmpty()
                        ? NO_EXACT_NAMES
                        : exact.stream().sorted().distinct().toArray(ServerName[]::new),
                wildcards.isEmpty()
                        ? NO_WILDCARD_NAMES
                        : wildcards.stream().sorted().distinct().toArray(WildcardName[]::new));
    }

    /**
     * Tells whether one of the names is this name, or a wildcard exactly one label above it.
     *
     * @param name the name that a client asks for
     * @return whether it is covered
     */
    public boolean covers(ServerName name) {
        if (hasExactly(name)) {
            return true;
        }
        for (WildcardName wildcard : wildcardNames) {
            if (wildcard.covers(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whether everything that one name is good for is covered: an exact name as {@link #covers(ServerName)} has it, a
     * wildcard name by itself only.
     *
     * @param name a name of a certificate
     * @return whether it is covered
     */
    public boolean covers(SubjectName name) {
        return name instanceof ServerName exact
                ? covers(exact)
                : Arrays.asList(wildcardNames).contains(name);
    }

    /** Whether the name is one of the exact names. */
    boolean hasExactly(ServerName name) {
        return Arrays.binarySearch(exactNames, name) >= 0;
    }

    /** The least exact name, or the least wildcard name if there is none. */
    String firstName() {
        return exactNames.length > 0 ? exactNames[0].value() : wildcardNames[0].value();
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

    /** {@return the names without a star, sorted; a new set, unmodifiable} */
    public SortedSet<ServerName> exactNames() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(Arrays.asList(exactNames)));
    }

    /** {@return the names with a star, sorted; a new set, unmodifiable} */
    public SortedSet<WildcardName> wildcardNames() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(Arrays.asList(wildcardNames)));
    }

    /** The same as {@link #exactNames()} without a copy. */
    List<ServerName> exact() {
        return Collections.unmodifiableList(Arrays.asList(exactNames));
    }

    /** The same as {@link #wildcardNames()} without a copy. */
    List<WildcardName> wildcards() {
        return Collections.unmodifiableList(Arrays.asList(wildcardNames));
    }

    /** {@return whether there is no name at all} */
    public boolean isEmpty() {
        return exactNames.length == 0 && wildcardNames.length == 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Coverage that
                && Arrays.equals(exactNames, that.exactNames)
                && Arrays.equals(wildcardNames, that.wildcardNames);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(exactNames) + Arrays.hashCode(wildcardNames);
    }

    /** {@return the names, separated by commas} */
    @Override
    public String toString() {
        return Stream.concat(Arrays.stream(exactNames), Arrays.stream(wildcardNames))
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
