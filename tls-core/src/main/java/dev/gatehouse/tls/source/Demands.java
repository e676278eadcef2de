package dev.gatehouse.tls.source;

import dev.gatehouse.tls.Coverage;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.WildcardName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a source as a whole has to have, lest a change of it be refused. */
final class Demands {

    private Demands() {}

    /** Why there is nothing at all. */
    static String whyEmpty(Collection<Trouble> troubles) {
        return troubles.stream()
                        .map(trouble -> trouble.place() + ": " + trouble.reason())
                        .findFirst()
                        .orElse("It has no certificate with its private key. Put both there as PEM.")
                + (troubles.size() > 1 ? " There are " + (troubles.size() - 1) + " more problems." : "");
    }

    /** Why there is nothing left, or null if there was nothing before. */
    static @Nullable String whyGone(Plan plan, Map<String, Held> before) {
        if (before.isEmpty()) {
            return whyEmpty(plan.troubles());
        }
        return "All its certificates have gone. Is it mounted? To take the last one out of service, stop watching.";
    }

    /** Which demanded name is not covered, and why, or null. */
    static @Nullable String whyUncovered(CertificateSource source, Plan plan) {
        Coverage required = source.required();
        if (required.isEmpty()) {
            return null;
        }
        List<Coverage> coverages = plan.after().values().stream()
                .map(held -> held.credential().coverage())
                .toList();
        for (ServerName name : required.exactNames()) {
            if (coverages.stream().noneMatch(coverage -> coverage.covers(name))) {
                return "It does not cover what it should. " + all(coverages).explain(name);
            }
        }
        for (WildcardName name : required.wildcardNames()) {
            if (coverages.stream()
                    .noneMatch(coverage -> coverage.wildcardNames().contains(name))) {
                return "It does not cover what it should. No certificate is for `" + name + "`. Add `" + name + "`.";
            }
        }
        return null;
    }

    private static Coverage all(List<Coverage> coverages) {
        List<String> names = new ArrayList<>();
        coverages.stream()
                .flatMap(coverage -> Stream.concat(coverage.exactNames().stream(), coverage.wildcardNames().stream()))
                .forEach(name -> names.add(name.toString()));
        return Coverage.of(names);
    }
}
