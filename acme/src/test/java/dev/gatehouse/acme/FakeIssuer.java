package dev.gatehouse.acme;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.SubjectName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Issues from a test CA, when and how a test wants it. */
final class FakeIssuer implements Issuer {

    private final TestCa ca;
    private final String identity;
    private final List<SubjectName> ordered = new CopyOnWriteArrayList<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private volatile Predicate<SubjectName> failing = name -> false;
    private volatile Predicate<SubjectName> held = name -> false;
    private volatile @Nullable CompletableFuture<Void> gate;
    private volatile CaLimits limits = CaLimits.none();
    private volatile @Nullable FakeIssuer partner;
    private volatile @Nullable RuntimeException outage;
    private volatile @Nullable IssuanceRequest lastRequest;

    FakeIssuer(TestCa ca) {
        this(ca, "fake");
    }

    FakeIssuer(TestCa ca, String identity) {
        this.ca = ca;
        this.identity = identity;
    }

    /** For managers that are made from now on. */
    void rehearseAt(FakeIssuer issuer) {
        partner = issuer;
    }

    /** Fails all orders with this, until it is mended with null. */
    void down(@Nullable RuntimeException failure) {
        outage = failure;
    }

    @Override
    public Optional<Issuer> rehearsal() {
        return Optional.ofNullable(partner);
    }

    void failNext(RuntimeException failure) {
        failures.add(failure);
    }

    void fail(Predicate<SubjectName> names) {
        failing = names;
    }

    /** Orders wait until the gate is completed. */
    CompletableFuture<Void> hold() {
        return hold(name -> true);
    }

    CompletableFuture<Void> hold(Predicate<SubjectName> names) {
        CompletableFuture<Void> opens = new CompletableFuture<>();
        gate = opens;
        held = names;
        return opens;
    }

    int orders() {
        return ordered.size();
    }

    IssuanceRequest lastRequest() {
        return Objects.requireNonNull(lastRequest, "nothing was ordered");
    }

    List<SubjectName> ordered() {
        return ordered;
    }

    @Override
    public String identity() {
        return identity;
    }

    /** For managers that are made from now on. */
    void limit(CaLimits newLimits) {
        limits = newLimits;
    }

    @Override
    public CaLimits limits() {
        return limits;
    }

    @Override
    public CompletionStage<Credential> issue(IssuanceRequest request, IssuanceContext context) {
        SubjectName name = request.subject();
        ordered.add(name);
        lastRequest = request;
        CompletableFuture<Void> opens = gate;
        CompletableFuture<Void> opened =
                opens == null || !held.test(name) ? CompletableFuture.completedFuture(null) : opens;
        return opened.thenCompose(open -> outcome(request));
    }

    private CompletionStage<Credential> outcome(IssuanceRequest request) {
        RuntimeException failure = failures.poll();
        if (failure == null) {
            failure = outage;
        }
        if (failure == null && failing.test(request.subject())) {
            failure = new IssuanceException(
                    IssuanceException.Kind.VALIDATION_FAILED, "The challenge failed. Mend it.", null, null);
        }
        return failure == null
                ? CompletableFuture.completedFuture(ca.issue(
                        request.names().stream().map(SubjectName::value).toArray(String[]::new)))
                : CompletableFuture.failedFuture(failure);
    }
}
