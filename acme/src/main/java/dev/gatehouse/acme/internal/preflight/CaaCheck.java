package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.internal.preflight.PreflightFinding.Check;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the CAA records of a name permit the authority (RFC 8659 and RFC 8657). */
final class CaaCheck {

    /** A name has at most 127 labels; more lookups than these would outlast the time for the check. */
    private static final int MAX_LABELS = 20;

    private final CaaLookup lookup;

    CaaCheck(CaaLookup lookup) {
        this.lookup = lookup;
    }

    private record Relevant(String domain, List<CaaRecord> records) {}

    Optional<PreflightFinding> check(PreflightQuestion question) throws IOException {
        if (question.caaIdentities().isEmpty() || question.name().isIpAddress()) {
            return Optional.empty();
        }
        return climb(question.name().value()).flatMap(found -> judge(question, found));
    }

    /** The first domain upwards that has records (RFC 8659, section 3). */
    private Optional<Relevant> climb(String name) throws IOException {
        String domain = name;
        for (int label = 0; label < MAX_LABELS && !domain.isEmpty(); label++) {
            List<CaaRecord> records = lookup.lookup(domain);
            if (!records.isEmpty()) {
                return Optional.of(new Relevant(domain, records));
            }
            int dot = domain.indexOf('.');
            domain = dot < 0 ? "" : domain.substring(dot + 1);
        }
        return Optional.empty();
    }

    private Optional<PreflightFinding> judge(PreflightQuestion question, Relevant found) {
        Optional<CaaRecord> unknown = found.records().stream()
                .filter(record -> record.critical() && !record.isKnown())
                .findFirst();
        if (unknown.isPresent()) {
            return Optional.of(blocking("The CAA records of " + found.domain() + " have the critical tag '"
                    + unknown.get().tag() + "', with which no certificate authority may issue. Remove it."));
        }
        List<CaaRecord> deciding = deciding(found.records(), question.wildcard());
        boolean permitted = deciding.isEmpty() || deciding.stream().anyMatch(record -> permits(record, question));
        return permitted ? Optional.empty() : Optional.of(blocking(forbidden(question, found, deciding)));
    }

    private static List<CaaRecord> deciding(List<CaaRecord> records, boolean wildcard) {
        List<CaaRecord> wild = withTag(records, "issuewild");
        return wildcard && !wild.isEmpty() ? wild : withTag(records, "issue");
    }

    private static List<CaaRecord> withTag(List<CaaRecord> records, String tag) {
        return records.stream().filter(record -> record.tag().equals(tag)).toList();
    }

    private static boolean permits(CaaRecord record, PreflightQuestion question) {
        return question.caaIdentities().contains(record.issuer()) && isBoundToUs(record, question);
    }

    private static boolean isBoundToUs(CaaRecord record, PreflightQuestion question) {
        Map<String, String> parameters = record.parameters();
        String account = parameters.get("accounturi");
        String methods = parameters.get("validationmethods");
        boolean ourAccount = account == null
                || question.account().isEmpty()
                || question.account().get().toString().equals(account);
        boolean ourMethod = methods == null
                || question.challengeTypes().isEmpty()
                || Arrays.stream(methods.split(","))
                        .map(method -> method.strip().toLowerCase(Locale.ROOT))
                        .anyMatch(question.challengeTypes()::contains);
        return ourAccount && ourMethod;
    }

    private static String forbidden(PreflightQuestion question, Relevant found, List<CaaRecord> deciding) {
        String identity = question.caaIdentities().stream().sorted().findFirst().orElse("");
        Optional<CaaRecord> bound = deciding.stream()
                .filter(record -> question.caaIdentities().contains(record.issuer()))
                .findFirst();
        if (bound.isPresent()) {
            return "The CAA record '" + bound.get().value() + "' of " + found.domain() + " permits " + identity
                    + " only for another account or another kind of challenge (ours: "
                    + question.account().map(Object::toString).orElse("none yet") + ", "
                    + question.challengeTypes().stream().sorted().collect(Collectors.joining(", "))
                    + "). Change its accounturi or validationmethods.";
        }
        String tag = deciding.get(0).tag();
        String others = deciding.stream()
                .map(CaaRecord::issuer)
                .filter(issuer -> !issuer.isEmpty())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return "The CAA records of " + found.domain() + " permit only " + (others.isEmpty() ? "nobody" : others)
                + ", not " + identity + ". Add the record: " + found.domain() + ". CAA 0 " + tag + " \"" + identity
                + "\".";
    }

    private static PreflightFinding blocking(String sentence) {
        return new PreflightFinding(Check.CAA_PERMITS, Severity.BLOCKING, sentence);
    }
}
