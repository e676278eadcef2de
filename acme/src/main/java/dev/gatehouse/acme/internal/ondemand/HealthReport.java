package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateHealth;
import dev.gatehouse.acme.internal.budget.CaCircuit;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in sentences what somebody has to look after: the same cause once, with how many names it concerns. */
final class HealthReport {

    private static final Duration SOON = Duration.ofDays(7);
    private static final int NAMES_SHOWN = 3;
    private static final int CAUSES_SHOWN = 10;

    private final Residents residents;
    private final Refusals refusals;
    private final Prospects prospects;
    private final PipelineTools tools;

    HealthReport(PipelineTools tools, Prospects prospects) {
        this.tools = tools;
        this.prospects = prospects;
        this.residents = tools.residents();
        this.refusals = tools.refusals();
    }

    CertificateHealth now() {
        Instant now = tools.context().clock().instant();
        List<String> problems = new ArrayList<>();
        tools.issuers().inOrder().stream()
                .map(HealthReport::outage)
                .flatMap(Optional::stream)
                .forEach(problems::add);
        problems.addAll(sentences(endingUnrenewed(now), HealthReport::ending));
        problems.addAll(sentences(failing(), HealthReport::failing));
        if (tools.unsaved().size() > 0) {
            problems.add(tools.unsaved().size()
                    + " certificates are kept in memory only, since storage would not take them. Mend the storage.");
        }
        long valid = residents.inOrder().values().stream()
                .filter(resident -> resident.credential().isValidAt(now))
                .count();
        return new CertificateHealth(problems, Math.toIntExact(valid));
    }

    private static Optional<String> outage(GuardedIssuer candidate) {
        CaCircuit.Status circuit = candidate.guard().circuit();
        return circuit.state() == CaCircuit.State.CLOSED
                ? Optional.empty()
                : Optional.of(candidate.identity() + " does not work: "
                        + circuit.lastFailure().orElse("it failed " + circuit.failures() + " times.")
                        + circuit.nextTry()
                                .map(next -> " It is tried again at " + next + ".")
                                .orElse(""));
    }

    /** Names whose certificate ends soon, or has ended, and whose last attempt was in vain, by cause. */
    private Map<String, Set<SubjectName>> endingUnrenewed(Instant now) {
        Map<String, Set<SubjectName>> byCause = new LinkedHashMap<>();
        refusals.all()
                .forEach((name, known) -> residents
                        .find(CertificateId.of(name))
                        .filter(resident -> endsSoon(resident.credential().notAfter(), now))
                        .ifPresent(resident -> add(byCause, known.refusal().reason(), name)));
        failed(prospect -> prospect.notAfter().filter(end -> endsSoon(end, now)).isPresent())
                .forEach(prospect ->
                        add(byCause, reason(prospect), prospect.plan().subject()));
        return byCause;
    }

    private static boolean endsSoon(Instant notAfter, Instant now) {
        return notAfter.isBefore(now.plus(SOON));
    }

    /** Names without a certificate for which one was tried in vain, by cause. Strangers that were refused are none. */
    private Map<String, Set<SubjectName>> failing() {
        Map<String, Set<SubjectName>> byCause = new LinkedHashMap<>();
        refusals.all().forEach((name, known) -> {
            boolean isFailing = known.refusal().kind() != Refusal.Kind.DECIDED;
            if (isFailing && residents.find(CertificateId.of(name)).isEmpty() && !isManaged(name)) {
                add(byCause, known.refusal().reason().replace(name.value(), "it"), name);
            }
        });
        failed(prospect -> prospect.notAfter().isEmpty())
                .forEach(prospect -> add(
                        byCause,
                        reason(prospect).replace(prospect.plan().subject().value(), "it"),
                        prospect.plan().subject()));
        return byCause;
    }

    private boolean isManaged(SubjectName name) {
        return prospects.find(CertificateId.of(name)).isPresent();
    }

    private Stream<Prospect> failed(Predicate<Prospect> concerned) {
        return prospects.inOrder().values().stream()
                .filter(prospect -> prospect.failure()
                        .filter(refusal -> refusal.kind() != Refusal.Kind.DECIDED)
                        .isPresent())
                .filter(concerned);
    }

    private static String reason(Prospect prospect) {
        return prospect.failure().map(Refusal::reason).orElse("");
    }

    private static void add(Map<String, Set<SubjectName>> byCause, String cause, SubjectName name) {
        byCause.computeIfAbsent(cause, first -> new LinkedHashSet<>()).add(name);
    }

    /** Makes a sentence of a number of names and their cause. */
    @FunctionalInterface
    private interface Sentence {

        String of(int count, String names, String cause);
    }

    private static List<String> sentences(Map<String, Set<SubjectName>> byCause, Sentence sentence) {
        return byCause.entrySet().stream()
                .sorted((a, b) ->
                        Integer.compare(b.getValue().size(), a.getValue().size()))
                .limit(CAUSES_SHOWN)
                .map(entry -> sentence.of(entry.getValue().size(), shown(entry.getValue()), entry.getKey()))
                .toList();
    }

    private static String shown(Set<SubjectName> names) {
        String first = names.stream()
                .sorted()
                .limit(NAMES_SHOWN)
                .map(SubjectName::value)
                .collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN ? first + ", …" : first;
    }

    private static String ending(int count, String names, String cause) {
        return count + (count == 1 ? " certificate expires" : " certificates expire") + " within " + SOON.toDays()
                + " days and cannot be renewed (" + names + "): " + cause;
    }

    private static String failing(int count, String names, String cause) {
        return count + (count == 1 ? " name has" : " names have") + " no certificate (" + names + "): " + cause;
    }
}
