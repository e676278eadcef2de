package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.internal.budget.RateLimitNotice.Scope;
import dev.gatehouse.acme.internal.limits.RegistrableDomains;
import dev.gatehouse.tls.SubjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pause that an authority has asked for.
 *
 * @param scope what it concerns
 * @param subject which one of these; empty if there is only one
 * @param until how long
 * @param reason what the authority has said, on one line
 */
record Pause(Scope scope, String subject, Instant until, String reason) {

    private static final int MAX_REASON = 500;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration WITHOUT_TIME = Duration.ofMinutes(10);

    /** What is not understood does not stop an account for days. */
    private static final Duration LONGEST_FOR_ACCOUNT = Duration.ofHours(6);

    private static final Duration LONGEST = Duration.ofDays(8);

    /** From the answer to an order; one pause for each of what it concerns, at least one. */
    static List<Pause> of(Set<? extends SubjectName> names, String detail, Optional<Instant> retryAfter, Instant now) {
        RateLimitNotice notice = RateLimitNotice.read(detail);
        Scope scope = notice.scope();
        Instant asked = retryAfter.or(notice::retryAfter).orElse(now.plus(WITHOUT_TIME));
        Instant until = within(asked, now, scope == Scope.ACCOUNT ? LONGEST_FOR_ACCOUNT : LONGEST);
        return subjects(scope, notice.subject(), names).stream()
                .map(subject -> new Pause(scope, subject, until, oneLine(detail)))
                .toList();
    }

    private static List<String> subjects(Scope scope, Optional<String> mentioned, Set<? extends SubjectName> names) {
        return switch (scope) {
            case ACCOUNT, NEW_ACCOUNTS -> List.of("");
            case NAME_SET -> List.of(NameSets.key(names));
            case NAME ->
                mentioned
                        .map(List::of)
                        .orElseGet(() ->
                                names.stream().map(SubjectName::value).sorted().toList());
            case REGISTERED_DOMAIN ->
                mentioned
                        .map(List::of)
                        .orElseGet(() -> names.stream()
                                .map(RegistrableDomains::of)
                                .distinct()
                                .sorted()
                                .toList());
        };
    }

    private static Instant within(Instant asked, Instant now, Duration longest) {
        Instant earliest = now.plus(SHORTEST);
        Instant latest = now.plus(longest);
        return asked.isBefore(earliest) ? earliest : asked.isAfter(latest) ? latest : asked;
    }

    boolean concerns(Set<? extends SubjectName> names) {
        return switch (scope) {
            case ACCOUNT -> true;
            case NEW_ACCOUNTS -> false;
            case NAME_SET -> NameSets.key(names).equals(subject);
            case NAME -> names.stream().anyMatch(name -> name.value().equals(subject));
            case REGISTERED_DOMAIN ->
                names.stream().anyMatch(name -> RegistrableDomains.of(name).equals(subject));
        };
    }

    /** For messages. */
    String described() {
        return subject.isEmpty() || scope == Scope.NAME_SET ? scope.words() : scope.words() + " " + subject;
    }

    static String oneLine(String text) {
        String shortened = text.length() > MAX_REASON ? text.substring(0, MAX_REASON) + "…" : text;
        return shortened.replaceAll("\\p{Cntrl}+", " ");
    }
}
