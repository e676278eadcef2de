package dev.gatehouse.acme.internal.budget;

import dev.gatehouse.acme.CaLimits;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.RateLimit;
import dev.gatehouse.acme.RecordKey;
import dev.gatehouse.acme.internal.limits.LimitRefusal;
import dev.gatehouse.acme.internal.limits.RegistrableDomains;
import dev.gatehouse.acme.internal.limits.TimeText;
import dev.gatehouse.tls.SubjectName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of the limits of one certificate authority, for one account, kept in storage for all nodes. Its methods
 * may block. If storage fails, orders pass: the authority counts as well.
 *
 * <p>An order is taken from the account's when it is admitted. A certificate is taken from the domains' and the name
 * set's then, too, and given back if none is issued, so that orders at the same time do not overrun the limit.
 */
public final class CaBudget {

    private static final Logger log = LoggerFactory.getLogger(CaBudget.class);

    private final CaLimits limits;
    private final String ca;
    private final CertificateStorage storage;
    private final InstantSource clock;

    /** With the identity of the authority and account under which use is stored. */
    public CaBudget(CaLimits limits, String ca, CertificateStorage storage, InstantSource clock) {
        this.limits = limits;
        this.ca = ca;
        this.storage = storage;
        this.clock = clock;
    }

    /** The answer of {@link #admit}. */
    public interface Admission {

        /** Which limit is in the way; empty if the order may be placed, and its cost has been taken. */
        Optional<LimitRefusal> refusal();

        /** The order came to nothing: gives back what only an issued certificate costs. Does nothing the second time. May block. */
        void notIssued();
    }

    /** One limit with what it applies to. */
    private record Budget(String limit, String subject, RateLimit rate, SharedAllowance allowance) {

        String exhausted(Instant nextAt, Instant now) {
            return "all of " + rate + " " + subject + " are used, which the certificate authority would refuse;"
                    + " the next is free in " + TimeText.of(Duration.between(now, nextAt));
        }
    }

    /**
     * Takes what an order costs, or tells which limit is in the way. A renewal that names the certificate it replaces
     * is exempt from all limits but that of failed validations.
     */
    public Admission admit(Set<? extends SubjectName> names, boolean replacesCertificate) {
        try {
            Optional<LimitRefusal> barred = barredByFailures(names);
            if (barred.isPresent() || replacesCertificate) {
                return new Taken(barred, List.of());
            }
            List<Budget> certificates = certificateBudgets(names);
            List<Budget> all = new ArrayList<>(certificates);
            all.addAll(accountBudget());
            return takeAll(all, certificates);
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "{}: the budget of {} cannot be read ({}); the order is placed without it. Check the storage.",
                    text(names),
                    ca,
                    failure.getMessage());
            return new Taken(Optional.empty(), List.of());
        }
    }

    /** The authority has looked at a challenge of this name, and was not content. */
    public void validationFailed(SubjectName name) {
        count(failureBudget(name), name + ": its failed validation");
    }

    /** Further orders were placed for what was admitted once. */
    public void orderedAgain(int orders) {
        for (int i = 0; i < orders; i++) {
            count(accountBudget(), ca + ": a further order");
        }
    }

    private static void count(List<Budget> budgets, String what) {
        for (Budget budget : budgets) {
            try {
                budget.allowance().take();
            } catch (IOException | RuntimeException failure) {
                log.warn("{} cannot be counted ({}). Check the storage.", what, failure.getMessage());
            }
        }
    }

    /** What is used for a name, in words: {@code 41 of 50 certificates for example.com used, all free in 2 d}. */
    public String forecast(SubjectName name) {
        List<Budget> budgets = new ArrayList<>(certificateBudgets(Set.of(name)));
        budgets.addAll(accountBudget());
        budgets.addAll(failureBudget(name));
        try {
            List<String> lines = new ArrayList<>();
            for (Budget budget : budgets) {
                lines.add(forecast(budget));
            }
            return lines.isEmpty() ? "no limits" : String.join("; ", lines);
        } catch (IOException | RuntimeException failure) {
            return "unknown: the storage cannot be read (" + failure.getMessage() + ")";
        }
    }

    private String forecast(Budget budget) throws IOException {
        SharedAllowance.Level level = budget.allowance().level();
        Instant now = clock.instant();
        String text = level.used() + " of " + budget.rate().count() + " " + budget.subject() + " used";
        if (level.used() == 0) {
            return text;
        }
        String next = level.nextAt().isAfter(now)
                ? ", the next is free in " + TimeText.of(Duration.between(now, level.nextAt()))
                : "";
        return text + next + ", all are free in " + TimeText.of(Duration.between(now, level.restoredAt()));
    }

    /** Failures are counted when they happen; before an order it is only asked whether one more is possible. */
    private Optional<LimitRefusal> barredByFailures(Set<? extends SubjectName> names) throws IOException {
        for (SubjectName name : names) {
            for (Budget budget : failureBudget(name)) {
                Instant nextAt = budget.allowance().level().nextAt();
                Instant now = clock.instant();
                if (nextAt.isAfter(now)) {
                    return Optional.of(new LimitRefusal(budget.limit(), budget.exhausted(nextAt, now), nextAt));
                }
            }
        }
        return Optional.empty();
    }

    private Admission takeAll(List<Budget> budgets, List<Budget> returnable) throws IOException {
        List<Budget> taken = new ArrayList<>();
        for (Budget budget : budgets) {
            Optional<Instant> next = budget.allowance().takeOrNext();
            if (next.isPresent()) {
                giveBack(taken);
                String reason = budget.exhausted(next.get(), clock.instant());
                return new Taken(Optional.of(new LimitRefusal(budget.limit(), reason, next.get())), List.of());
            }
            taken.add(budget);
        }
        return new Taken(Optional.empty(), returnable);
    }

    private void giveBack(List<Budget> budgets) {
        for (Budget budget : budgets) {
            try {
                budget.allowance().giveBack();
            } catch (IOException | RuntimeException failure) {
                log.warn(
                        "{}: a place of the budget for {} cannot be given back ({}); it comes back with time.",
                        ca,
                        budget.subject(),
                        failure.getMessage());
            }
        }
    }

    private List<Budget> certificateBudgets(Set<? extends SubjectName> names) {
        List<Budget> budgets = new ArrayList<>();
        limits.certificatesPerNameSet()
                .ifPresent(rate -> budgets.add(budget(
                        "certificatesPerNameSet",
                        NameSets.key(names),
                        "certificates for exactly " + text(names),
                        rate)));
        limits.certificatesPerRegisteredDomain().ifPresent(rate -> {
            for (String domain : domainsOf(names)) {
                budgets.add(budget("certificatesPerRegisteredDomain", domain, "certificates for " + domain, rate));
            }
        });
        return budgets;
    }

    private List<Budget> accountBudget() {
        return limits.ordersPerAccount()
                .map(rate -> List.of(budget("ordersPerAccount", "", "orders of the account", rate)))
                .orElse(List.of());
    }

    private List<Budget> failureBudget(SubjectName name) {
        return limits.failedValidationsPerName()
                .map(rate -> List.of(
                        budget("failedValidationsPerName", name.value(), "failed validations of " + name, rate)))
                .orElse(List.of());
    }

    private Budget budget(String limit, String key, String subject, RateLimit rate) {
        RecordKey record = RecordKey.state("budget " + ca + " " + limit + " " + key);
        return new Budget(limit, subject, rate, new SharedAllowance(record, rate, storage, clock));
    }

    private static Set<String> domainsOf(Set<? extends SubjectName> names) {
        return names.stream().map(RegistrableDomains::of).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Set<? extends SubjectName> names) {
        return names.stream().map(SubjectName::value).sorted().limit(3).collect(Collectors.joining(", "))
                + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "");
    }

    private final class Taken implements Admission {

        private final Optional<LimitRefusal> refusal;
        private final List<Budget> returnable;
        private final AtomicBoolean returned = new AtomicBoolean();

        Taken(Optional<LimitRefusal> refusal, List<Budget> returnable) {
            this.refusal = refusal;
            this.returnable = returnable;
        }

        @Override
        public Optional<LimitRefusal> refusal() {
            return refusal;
        }

        @Override
        public void notIssued() {
            if (returned.compareAndSet(false, true)) {
                giveBack(returnable);
            }
        }
    }
}
