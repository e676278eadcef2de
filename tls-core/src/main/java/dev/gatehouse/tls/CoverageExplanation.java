package dev.gatehouse.tls;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words why a coverage has a name or not. The rules go from the most telling near miss to none at all. */
final class CoverageExplanation {

    private static final int NAMES_SHOWN = 5;
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;
    private static final List<String> COUNTS =
            List.of("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private final Coverage coverage;
    private final ServerName name;

    private CoverageExplanation(Coverage coverage, ServerName name) {
        this.coverage = coverage;
        this.name = name;
    }

    static String of(Coverage coverage, ServerName name) {
        return new CoverageExplanation(coverage, name).sentence();
    }

    private String sentence() {
        if (coverage.hasExactly(name)) {
            return quoted(name) + " is one of the names.";
        }
        if (coverage.isEmpty()) {
            return "There are no names at all, so " + quoted(name) + " is not covered. Add " + quoted(name) + ".";
        }
        if (name.isIpAddress()) {
            return quoted(name) + " is an IP address, which only an entry of its own covers; the names are "
                    + someNames() + ". Add " + quoted(name) + " as an IP address, or connect by name.";
        }
        return Stream.<Supplier<Optional<String>>>of(
                        this::coveredByWildcard,
                        this::apexOfWildcard,
                        this::belowExactName,
                        this::tooDeepForWildcard,
                        this::aboveExactName,
                        this::nearWildcardBelow,
                        this::misspelled,
                        this::sibling)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(this::nothingNear);
    }

    private Optional<String> coveredByWildcard() {
        return wildcards()
                .filter(wildcard -> wildcard.covers(name))
                .findFirst()
                .map(wildcard -> quoted(name) + " is covered by " + quoted(wildcard) + ".");
    }

    private Optional<String> apexOfWildcard() {
        return wildcards()
                .filter(wildcard -> wildcard.parent().equals(name))
                .findFirst()
                .map(wildcard ->
                        quoted(wildcard) + " does not cover " + quoted(name) + " itself. Add " + quoted(name) + ".");
    }

    private Optional<String> belowExactName() {
        return name.parent()
                .filter(coverage::hasExactly)
                .map(parent -> quoted(parent) + " covers only itself, not " + quoted(name) + " below it. Add "
                        + quoted(name)
                        + (isWww(name) || !hasDot(parent) ? "" : " or " + quoted("*." + parent)) + ".");
    }

    private Optional<String> tooDeepForWildcard() {
        return wildcards()
                .filter(wildcard -> isBelow(name, wildcard.parent()))
                .max(Comparator.comparingInt(
                        wildcard -> wildcard.parent().value().length()))
                .map(this::tooDeepFor);
    }

    private String tooDeepFor(WildcardName wildcard) {
        String parent = wildcard.parent().value();
        String labels = name.value().substring(0, name.value().length() - parent.length() - 1);
        int depth = labels.split("\\.").length;
        String flat = labels.replace('.', '-');
        boolean canBeFlat = flat.length() <= MAX_LABEL && !labels.contains("xn--");
        return quoted(wildcard) + " covers one label; " + quoted(name) + " is " + count(depth) + " below. Add "
                + quoted("*." + name.parent().orElseThrow())
                + (canBeFlat ? " or use " + quoted(flat + '.' + parent) : "") + ".";
    }

    private Optional<String> aboveExactName() {
        return coverage.exact().stream()
                .filter(exact -> exact.parent().filter(name::equals).isPresent())
                .min(Comparator.comparing(exact -> !isWww(exact)))
                .map(exact -> quoted(exact) + " covers only itself, not " + quoted(name) + " above it. Add "
                        + quoted(name) + ".");
    }

    private Optional<String> nearWildcardBelow() {
        return wildcards()
                .filter(wildcard -> isBelow(wildcard.parent(), name) || isSibling(wildcard.parent()))
                .findFirst()
                .map(wildcard -> quoted(wildcard) + " covers names one label below " + quoted(wildcard.parent()) + "; "
                        + quoted(name) + " is not below it. " + add());
    }

    private Optional<String> misspelled() {
        return Stream.concat(coverage.exact().stream(), wildcards().flatMap(this::underWildcard))
                .filter(candidate -> CoverageExplanationTypo.isLikely(candidate, name))
                .min(Comparator.comparingInt(candidate -> CoverageExplanationTypo.edits(candidate, name)))
                .map(candidate -> quoted(name) + " is not covered, but " + quoted(candidate)
                        + " is; did you mean that? If not, add " + quoted(name) + ".");
    }

    /** What this name would be if its end were a misspelling of the wildcard's. */
    private Stream<ServerName> underWildcard(WildcardName wildcard) {
        String label = name.value().substring(0, name.value().indexOf('.') + 1);
        return name.parent().stream()
                .filter(parent -> CoverageExplanationTypo.isLikely(wildcard.parent(), parent))
                .map(parent -> label + wildcard.parent())
                .filter(candidate -> candidate.length() <= MAX_NAME)
                .map(ServerName::of);
    }

    private Optional<String> sibling() {
        return coverage.exact().stream()
                .filter(this::isSibling)
                .findFirst()
                .map(exact -> quoted(exact) + " covers only itself, not its sibling " + quoted(name) + ". " + add());
    }

    private String nothingNear() {
        return quoted(name) + " is not covered: the names are " + someNames() + "; none is near. Add " + quoted(name)
                + ".";
    }

    private String add() {
        return "Add " + quoted(name)
                + name.parent()
                        .filter(CoverageExplanation::canHaveWildcard)
                        .map(parent -> " or " + quoted("*." + parent))
                        .orElse("")
                + ".";
    }

    /** No authority issues a wildcard for a public suffix such as {@code com} or {@code co.uk}. */
    private static boolean canHaveWildcard(ServerName parent) {
        String[] labels = parent.value().split("\\.");
        return labels.length > 2 || labels.length == 2 && labels[0].length() > 3;
    }

    private boolean isSibling(ServerName other) {
        return name.parent().filter(CoverageExplanation::hasDot).isPresent()
                && name.parent().equals(other.parent());
    }

    private static boolean isBelow(ServerName name, ServerName ancestor) {
        return name.value().endsWith('.' + ancestor.value());
    }

    private static boolean hasDot(ServerName name) {
        return name.value().indexOf('.') > 0;
    }

    private static boolean isWww(ServerName name) {
        return name.value().startsWith("www.");
    }

    private Stream<WildcardName> wildcards() {
        return coverage.wildcards().stream();
    }

    private String someNames() {
        int total = coverage.exact().size() + coverage.wildcards().size();
        String shown = Stream.concat(coverage.exact().stream(), wildcards())
                .limit(NAMES_SHOWN)
                .map(CoverageExplanation::quoted)
                .collect(Collectors.joining(", "));
        return total > NAMES_SHOWN ? shown + " and " + (total - NAMES_SHOWN) + " more" : shown;
    }

    private static String count(int number) {
        return number < COUNTS.size() ? COUNTS.get(number) : Integer.toString(number);
    }

    private static String quoted(Object name) {
        return "`" + name + "`";
    }
}
