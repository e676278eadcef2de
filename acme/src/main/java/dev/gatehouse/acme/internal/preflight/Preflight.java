package dev.gatehouse.acme.internal.preflight;

import dev.gatehouse.acme.PreflightChecks;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Check;
import dev.gatehouse.acme.internal.preflight.PreflightFinding.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what would make an order fail. Its stages never fail, and complete within a bound: a lookup that takes longer
 * stops no order. Lookups run on a worker, beside each other.
 */
public final class Preflight {

    private static final Logger log = LoggerFactory.getLogger(Preflight.class);

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final PreflightChecks checks;
    private final Executor worker;
    private final Duration longest;
    private final AddressCheck addresses;
    private final Optional<Http01SelfRequest> http01;
    private final Optional<CaaCheck> caa;

    /** With the worker on which lookups may block, and what lets this server answer a challenge path. */
    public Preflight(PreflightChecks checks, Executor worker, TokenPublisher publisher, RandomGenerator random) {
        this(checks, worker, publisher, random, AddressResolver.ofJvm(), CaaLookup.ifAvailable(), LONGEST);
    }

    /** With resolvers of one's own. */
    public Preflight(
            PreflightChecks checks,
            Executor worker,
            TokenPublisher publisher,
            RandomGenerator random,
            AddressResolver resolver,
            Optional<CaaLookup> caaLookup,
            Duration longest) {
        this.checks = checks;
        this.worker = worker;
        this.longest = longest;
        this.addresses = new AddressCheck(resolver, CdnRanges.published(), checks.serverAddresses());
        this.http01 = checks.http01Address().map(address -> new Http01SelfRequest(address, publisher, random, longest));
        this.caa = checks.isCaaChecked() ? caaLookup.map(CaaCheck::new) : Optional.empty();
    }

    /** One look, on a worker. */
    @FunctionalInterface
    private interface Look {

        Optional<PreflightFinding> at(PreflightQuestion question) throws IOException;
    }

    private record Named(Check check, Look look) {}

    /** Before an order: makes only the checks whose findings can stop it, so that an order does not wait for others. */
    public CompletionStage<PreflightReport> check(PreflightQuestion question) {
        return lookAt(question, !checks.serverAddresses().isEmpty(), false);
    }

    /** After an order has failed: makes all checks, to say why, and tells which of them could not be made. */
    public CompletionStage<PreflightReport> explain(PreflightQuestion question) {
        return lookAt(question, true, true);
    }

    private CompletionStage<PreflightReport> lookAt(
            PreflightQuestion question, boolean withAddresses, boolean tellsFailures) {
        List<Named> looks = new ArrayList<>();
        if (withAddresses) {
            looks.add(new Named(Check.RESOLVES, addresses::check));
        }
        http01.ifPresent(request -> looks.add(new Named(Check.HTTP01_REACHABLE, request::check)));
        caa.ifPresent(records -> looks.add(new Named(Check.CAA_PERMITS, records::check)));

        CompletableFuture<List<PreflightFinding>> all = CompletableFuture.completedFuture(List.of());
        for (Named look : looks) {
            all = all.thenCombine(start(look, question, tellsFailures), Preflight::append);
        }
        return all.thenApply(PreflightReport::new);
    }

    private CompletableFuture<Optional<PreflightFinding>> start(
            Named look, PreflightQuestion question, boolean tellsFailures) {
        try {
            return CompletableFuture.supplyAsync(() -> lookNow(look, question), worker)
                    .orTimeout(longest.toNanos(), TimeUnit.NANOSECONDS)
                    .exceptionally(failure -> notMade(look, question, failure, tellsFailures));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(notMade(look, question, full, tellsFailures));
        }
    }

    private static Optional<PreflightFinding> lookNow(Named look, PreflightQuestion question) {
        try {
            return look.look().at(question);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Optional<PreflightFinding> notMade(
            Named look, PreflightQuestion question, Throwable failure, boolean tellsFailures) {
        log.debug("{}: the check {} could not be made ({})", question.name(), look.check(), failure.toString());
        return tellsFailures
                ? Optional.of(new PreflightFinding(
                        look.check(),
                        Severity.WARNING,
                        question.name() + ": whether " + look.check().question() + " could not be found out ("
                                + rootOf(failure) + ")."))
                : Optional.empty();
    }

    private static String rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? "no answer in time" : message;
    }

    private static List<PreflightFinding> append(List<PreflightFinding> findings, Optional<PreflightFinding> next) {
        List<PreflightFinding> longer = new ArrayList<>(findings);
        next.ifPresent(longer::add);
        return longer;
    }
}
