package dev.gatehouse.acme.internal.permission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.acme.PermissionRequest;
import dev.gatehouse.acme.internal.limits.TimeText;
import dev.gatehouse.tls.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the permission, and does not ask again for a name while its last answer is fresh. For one name there is one
 * question at a time; all who want to know share its answer.
 *
 * <p>Names are invented by clients, so everything is bounded. Allowing and other answers are kept apart: a flood of names
 * that are denied pushes no allowed one out.
 */
public final class PermissionMemory {

    private static final int MAX_NAMES = 10_000;
    private static final int MAX_ASKING = 2_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** For an answer that never comes; those who do I/O have shorter limits of their own. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(30);

    private final IssuancePermission permission;
    private final OnDemand.Remembering remembering;
    private final Executor worker;
    private final InstantSource clock;
    private final Consumer<PermissionRequest> asked;
    private final Duration longestQuestion;

    private final Cache<ServerName, Remembered> allowed = bounded();
    private final Cache<ServerName, Remembered> denied = bounded();
    private final Cache<ServerName, Remembered> unknown = bounded();
    private final ConcurrentMap<ServerName, CompletableFuture<PermissionDecision>> asking = new ConcurrentHashMap<>();

    private record Remembered(PermissionDecision decision, Instant until) {}

    /** With the worker that the permission may block, and who is told each time that it is really asked. */
    public PermissionMemory(OnDemand policy, Executor worker, InstantSource clock, Consumer<PermissionRequest> asked) {
        this(policy, worker, clock, asked, LONGEST_QUESTION);
    }

    PermissionMemory(
            OnDemand policy,
            Executor worker,
            InstantSource clock,
            Consumer<PermissionRequest> asked,
            Duration longestQuestion) {
        this.permission = policy.permission();
        this.remembering = policy.remembering();
        this.worker = worker;
        this.clock = clock;
        this.asked = asked;
        this.longestQuestion = longestQuestion;
    }

    /**
     * Completes normally, whatever the permission does. If it cannot answer, a name that has a certificate is allowed to
     * keep it, unless the permission has denied it before.
     */
    public CompletionStage<PermissionDecision> decide(PermissionRequest request, boolean hasCertificate) {
        PermissionDecision fresh = fresh(request.name());
        CompletionStage<PermissionDecision> decision =
                fresh == null ? join(request) : CompletableFuture.completedFuture(fresh);
        return hasCertificate ? decision.thenApply(answer -> keepIfUnknown(request.name(), answer)) : decision;
    }

    private CompletionStage<PermissionDecision> join(PermissionRequest request) {
        ServerName name = request.name();
        CompletableFuture<PermissionDecision> mine = new CompletableFuture<>();
        CompletableFuture<PermissionDecision> others = asking.putIfAbsent(name, mine);
        if (others != null) {
            return others;
        }
        CompletionStage<PermissionDecision> answer = asking.size() > MAX_ASKING
                ? CompletableFuture.completedFuture(
                        PermissionDecision.unknown("the permission is being asked for " + MAX_ASKING + " other names"))
                : ask(request);
        CompletionStage<Void> unused = answer.thenAccept(decision -> {
            remember(name, decision);
            asking.remove(name);
            mine.complete(decision);
        });
        return mine;
    }

    /** A permission that never answers holds nobody up. */
    private CompletionStage<PermissionDecision> ask(PermissionRequest request) {
        try {
            return CompletableFuture.supplyAsync(() -> askNow(request), worker)
                    .thenCompose(stage -> stage)
                    .orTimeout(longestQuestion.toNanos(), TimeUnit.NANOSECONDS)
                    .exceptionally(this::explain);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.completedFuture(PermissionDecision.unknown(
                    "the permission cannot be asked: too many questions wait, or the manager is closed"));
        }
    }

    private CompletionStage<PermissionDecision> askNow(PermissionRequest request) {
        asked.accept(request);
        return permission.decide(request);
    }

    private PermissionDecision explain(Throwable failure) {
        Throwable cause = SafePermission.causeOf(failure);
        return PermissionDecision.unknown(
                cause instanceof TimeoutException
                        ? "the permission did not answer within " + TimeText.of(longestQuestion)
                        : "the permission failed (" + cause + ")");
    }

    private void remember(ServerName name, PermissionDecision decision) {
        Duration time = decision.validFor().map(PermissionMemory::withinBounds).orElseGet(() -> usual(decision));
        Remembered remembered = new Remembered(decision, clock.instant().plus(time));
        if (decision.verdict() == Verdict.UNKNOWN) {
            unknown.put(name, remembered);
            return;
        }
        memoryOf(decision.isAllowed()).put(name, remembered);
        memoryOf(!decision.isAllowed()).invalidate(name);
        unknown.invalidate(name);
    }

    private Duration usual(PermissionDecision decision) {
        return switch (decision.verdict()) {
            case ALLOWED -> remembering.allowed();
            case DENIED -> remembering.denied();
            case UNKNOWN -> remembering.unknown();
        };
    }

    private @Nullable PermissionDecision fresh(ServerName name) {
        Instant now = clock.instant();
        return Stream.of(allowed, denied, unknown)
                .map(memory -> memory.getIfPresent(name))
                .filter(Objects::nonNull)
                .filter(remembered -> now.isBefore(remembered.until()))
                .map(Remembered::decision)
                .findFirst()
                .orElse(null);
    }

    private PermissionDecision keepIfUnknown(ServerName name, PermissionDecision answer) {
        if (answer.verdict() != Verdict.UNKNOWN || denied.getIfPresent(name) != null) {
            return answer;
        }
        return PermissionDecision.allowed("it has a certificate already, and " + answer.reason());
    }

    private Cache<ServerName, Remembered> memoryOf(boolean isAllowed) {
        return isAllowed ? allowed : denied;
    }

    private static Duration withinBounds(Duration time) {
        return time.compareTo(SHORTEST) < 0 ? SHORTEST : time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    private static Cache<ServerName, Remembered> bounded() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_NAMES)
                .executor(Runnable::run)
                .build();
    }
}
