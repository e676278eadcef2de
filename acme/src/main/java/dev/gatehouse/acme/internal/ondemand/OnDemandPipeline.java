package dev.gatehouse.acme.internal.ondemand;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateEvent.Step;
import dev.gatehouse.acme.IssuanceContext;
import dev.gatehouse.acme.IssuanceException;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a name that is not in memory: storage, permission, limits, order, store, publish.
 *
 * <p>A valid certificate in storage is served before anyone is asked. Refusals and failures are remembered for a while,
 * so that the next handshakes for such a name cost nothing.
 */
public final class OnDemandPipeline {

    private static final Logger log = LoggerFactory.getLogger(OnDemandPipeline.class);

    private static final int MAX_FLIGHTS = 1_000;
    private static final Duration DENIED = Duration.ofMinutes(1);
    private static final Duration UNKNOWN = Duration.ofSeconds(10);

    private final IssuanceContext context;
    private final Issuer issuer;
    private final CertificateIndex index;
    private final CertificateArchive archive;
    private final PermissionMemory permission;
    private final TokenBucket orders;
    private final RefusalMemory refusals;
    private final Flights flights = new Flights(MAX_FLIGHTS);

    public OnDemandPipeline(
            OnDemand policy,
            Issuer issuer,
            IssuanceContext context,
            Executor permissionWorker,
            CertificateIndex index) {
        this.context = context;
        this.issuer = issuer;
        this.index = index;
        this.archive = new CertificateArchive(context.storage(), context.clock(), issuer.identity());
        this.permission =
                new PermissionMemory(policy.permission(), permissionWorker, context.clock(), context.events());
        this.orders = new TokenBucket(policy.burst(), policy.interval(), context.clock());
        this.refusals = new RefusalMemory(context.clock(), context.random());
    }

    /** Finds or issues the certificate of a name. Empty if that is refused; never blocks. */
    public CompletionStage<Optional<Credential>> obtain(PermissionRequest request) {
        ServerName name = request.name();
        if (refusals.refusedUntil(name).isPresent()) {
            log.debug("{}: refused, as it was shortly before", name);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return flights.join(name, joined -> start(request)).orElseGet(() -> refuseForLoad(name));
    }

    /** Ends all waiting, when the manager is closed. */
    public void abandon(RuntimeException why) {
        flights.abandon(why);
    }

    private CompletionStage<Optional<Credential>> start(PermissionRequest request) {
        Instant started = context.clock().instant();
        return CompletableFuture.supplyAsync(() -> find(request.name()), context.worker())
                .thenCompose(found -> found.usable().isPresent() || found.refused()
                        ? CompletableFuture.completedFuture(found.usable())
                        : askThenIssue(request, found.version(), started));
    }

    /**
     * What is known of a name when its flight starts.
     *
     * @param usable a credential that can be served now
     * @param refused whether nothing further may be tried now
     * @param version the version of the record in storage
     */
    private record Found(Optional<Credential> usable, boolean refused, long version) {}

    /** Another flight may have ended between the caller's look at memory and this one's start. */
    private Found find(ServerName name) {
        Optional<Credential> inMemory = index.select(ClientHello.of(name)).filter(this::isValid);
        if (inMemory.isPresent() || refusals.refusedUntil(name).isPresent()) {
            return new Found(inMemory, true, 0);
        }
        try {
            CertificateArchive.Entry entry = archive.load(name);
            Optional<Credential> stored = entry.credential().filter(this::isValid);
            stored.ifPresent(credential -> serveStored(name, credential));
            return new Found(stored, false, entry.version());
        } catch (IOException | RuntimeException unreadable) {
            fail(name, Step.STORAGE, String.valueOf(unreadable.getMessage()), UNKNOWN);
            return new Found(Optional.empty(), true, 0);
        }
    }

    private void serveStored(ServerName name, Credential credential) {
        index.add(credential);
        log.info("{}: served from storage, valid until {}", name, credential.notAfter());
        context.events().accept(new CertificateEvent.Loaded(name, credential));
    }

    private CompletionStage<Optional<Credential>> askThenIssue(
            PermissionRequest request, long version, Instant started) {
        return permission
                .decide(request)
                .thenCompose(decision -> isAllowed(request.name(), decision) && isWithinLimits(request.name())
                        ? issue(request.name(), version, started)
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    private boolean isAllowed(ServerName name, PermissionDecision decision) {
        switch (decision.verdict()) {
            case ALLOWED -> {
                log.info("{}: permitted, {}", name, decision.reason());
                context.events().accept(new CertificateEvent.Permitted(name, decision.reason()));
            }
            case DENIED -> refuse(name, Step.PERMISSION, decision.reason(), refusals.refuseFor(name, DENIED));
            case UNKNOWN -> refuse(name, Step.PERMISSION, decision.reason(), refusals.refuseFor(name, UNKNOWN));
        }
        return decision.isAllowed();
    }

    private boolean isWithinLimits(ServerName name) {
        Optional<Instant> next = orders.takeOrNext();
        next.ifPresent(free -> {
            refusals.refuseUntil(name, free);
            String reason = "the limit of on-demand orders (" + orders + ") is used up; raise it for honest traffic";
            refuse(name, Step.LIMITS, reason, free);
        });
        return next.isEmpty();
    }

    private CompletionStage<Optional<Credential>> issue(ServerName name, long version, Instant started) {
        return issuer.issue(name, context)
                .thenApplyAsync(
                        credential -> {
                            publish(name, credential, version, started);
                            return Optional.of(credential);
                        },
                        context.worker())
                .exceptionally(failure -> {
                    failOrder(name, failure);
                    return Optional.empty();
                });
    }

    /** A certificate that cannot be stored is served all the same: the visitor is here, and the order has been spent. */
    private void publish(ServerName name, Credential credential, long version, Instant started) {
        try {
            archive.store(name, credential, version);
        } catch (IOException | RuntimeException unwritable) {
            fail(name, Step.STORE, "issued, but kept in memory only: " + unwritable.getMessage(), Duration.ZERO);
        }
        index.add(credential);
        refusals.forget(name);
        Duration elapsed = Duration.between(started, context.clock().instant());
        log.info(
                "{}: issued by {} in {} ms, valid until {}",
                name,
                issuer.identity(),
                elapsed.toMillis(),
                credential.notAfter());
        context.events().accept(new CertificateEvent.Issued(name, credential, elapsed));
    }

    private void failOrder(ServerName name, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Duration atLeast = cause instanceof IssuanceException issuance
                ? issuance.retryAfter().orElse(Duration.ZERO)
                : Duration.ZERO;
        Instant nextTry = refusals.backOff(name, atLeast);
        if (cause instanceof IssuanceException) {
            log.warn("{}: not issued. {} Next try from {} on.", name, cause.getMessage(), nextTry);
        } else {
            log.error(
                    "{}: not issued. The issuer failed in an unexpected way. Next try from {} on.",
                    name,
                    nextTry,
                    cause);
        }
        String reason = String.valueOf(cause.getMessage());
        context.events().accept(new CertificateEvent.Failed(name, Step.ORDER, reason, nextTry));
    }

    private void fail(ServerName name, Step step, String reason, Duration delay) {
        Instant nextTry = delay.isZero() ? context.clock().instant() : refusals.refuseFor(name, delay);
        log.warn("{}: {} failed. {} Next try from {} on.", name, step, reason, nextTry);
        context.events().accept(new CertificateEvent.Failed(name, step, reason, nextTry));
    }

    private void refuse(ServerName name, Step step, String reason, Instant nextTry) {
        log.warn("{}: refused by {}: {}. Asked again from {} on.", name, step, reason, nextTry);
        context.events().accept(new CertificateEvent.Refused(name, step, reason, Optional.of(nextTry)));
    }

    private CompletionStage<Optional<Credential>> refuseForLoad(ServerName name) {
        refuse(
                name,
                Step.LIMITS,
                MAX_FLIGHTS + " other names are being worked on",
                context.clock().instant());
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private boolean isValid(Credential credential) {
        return credential.isValidAt(context.clock().instant());
    }
}
