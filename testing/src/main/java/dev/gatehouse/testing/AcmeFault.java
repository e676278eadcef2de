package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.acme.fault.FaultEffect;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;

/**
 * Something that an {@link AcmeTestServer} does wrong because a test asks for it, to see how a client takes it. Without
 * further words it meets the next request, whatever that is for:
 *
 * <pre>{@code
 * server.inject(AcmeFault.badNonce());
 * server.inject(AcmeFault.rateLimited(Duration.ofMinutes(5)).on(AcmeResource.NEW_ORDER).times(2));
 * server.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));
 * }</pre>
 *
 * <p>Faults are met in the order in which they were injected, one by each request.
 *
 * <p>Immutable and safe for use by several threads; each method returns a new fault. One fault can be injected several
 * times and into several servers.
 */
public final class AcmeFault {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final FaultEffect effect;
    private final Set<AcmeResource> resources;
    private final int times;

    private AcmeFault(FaultEffect effect, Set<AcmeResource> resources, int times) {
        this.effect = effect;
        this.resources = Set.copyOf(resources);
        this.times = times;
    }

    /** {@return a problem {@code badNonce} (RFC 8555 section 6.5); clients shall try again with the nonce in it} */
    public static AcmeFault badNonce() {
        return problem(Problem.of(
                        ProblemType.BAD_NONCE,
                        "A test asked for this refusal. Try again with the Replay-Nonce of this response.")
                .exception());
    }

    /**
     * Refuses with {@code rateLimited} and status 429 (RFC 8555 section 6.6).
     *
     * @param retryAfter after how much time the client may come back; whole seconds, zero or more
     * @return the fault
     */
    public static AcmeFault rateLimited(Duration retryAfter) {
        return rateLimited(
                Long.toString(Settings.notNegative("retryAfter", retryAfter).toSeconds()));
    }

    /**
     * Refuses with {@code rateLimited} and status 429, with a {@code Retry-After} that is a date.
     *
     * @param retryAt when the client may come back; whole seconds
     * @return the fault
     */
    public static AcmeFault rateLimitedUntil(Instant retryAt) {
        return rateLimited(HTTP_DATE.format(retryAt));
    }

    /**
     * Refuses with any problem document.
     *
     * @param status the HTTP status, from 400 to 599
     * @param type the last part of its type, such as {@code rejectedIdentifier} or {@code caa}
     * @param detail what the client is told
     * @return the fault
     */
    public static AcmeFault problem(int status, String type, String detail) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:ietf:params:acme:error:" + Objects.requireNonNull(type, "type"));
        json.put("detail", Objects.requireNonNull(detail, "detail"));
        json.put("status", status);
        return answer(status, "application/problem+json", JsonUtil.toJson(json));
    }

    /** {@return a problem {@code serverInternal} with status 500} */
    public static AcmeFault serverError() {
        return problem(500, "serverInternal", "A test asked for this failure. Try again later.");
    }

    /**
     * Answers like a load balancer with nothing behind it: status 503 with a page of HTML, which is no problem document.
     *
     * @param retryAfter after how much time the client may come back; whole seconds, zero or more
     * @return the fault
     */
    public static AcmeFault unavailable(Duration retryAfter) {
        long seconds = Settings.notNegative("retryAfter", retryAfter).toSeconds();
        return once(new FaultEffect.Answer(
                AcmeResponse.text(503, "text/html", "<html><body><h1>Service Unavailable</h1></body></html>\n")
                        .with("Retry-After", Long.toString(seconds))));
    }

    /**
     * Answers with anything at all.
     *
     * @param status the HTTP status
     * @param mediaType the value of {@code Content-Type}
     * @param content the content
     * @return the fault
     */
    public static AcmeFault answer(int status, String mediaType, String content) {
        return once(new FaultEffect.Answer(AcmeResponse.text(status, mediaType, content)));
    }

    /** {@return a connection that is closed before anything is done} */
    public static AcmeFault disconnect() {
        return once(new FaultEffect.Disconnect());
    }

    /**
     * Closes the connection after the request has had its effect: an order that exists, a certificate that is issued, and
     * a client that does not know.
     *
     * @return the fault
     */
    public static AcmeFault loseResponse() {
        return once(new FaultEffect.LoseResponse());
    }

    /**
     * Keeps the client waiting for a time by the wall clock, and answers then. Better than this, where a test can use it,
     * is {@link #heldUntil}.
     *
     * @param delay more than zero
     * @return the fault
     */
    public static AcmeFault delayedBy(Duration delay) {
        long millis = Settings.positive("delay", delay).toMillis();
        return once(new FaultEffect.Wait(
                () -> new CompletableFuture<>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)));
    }

    /**
     * Keeps the client waiting until the test lets it go, and answers then. While it waits, it holds one of the server's
     * 16 threads.
     *
     * @param released ends the wait when it is done, with a value or without
     * @return the fault
     */
    public static AcmeFault heldUntil(Future<?> released) {
        return once(waitingFor(Objects.requireNonNull(released, "released")));
    }

    /**
     * Means the fault for certain resources.
     *
     * @param first a resource
     * @param others more of them
     * @return a fault that meets requests for these resources only
     */
    public AcmeFault on(AcmeResource first, AcmeResource... others) {
        return new AcmeFault(effect, EnumSet.of(first, others), times);
    }

    /**
     * Repeats the fault.
     *
     * @param requests how many requests it meets, 1 or more
     * @return a fault that happens so often
     */
    public AcmeFault times(int requests) {
        if (requests < 1) {
            throw new IllegalArgumentException("requests: " + requests + " (expected: >= 1)");
        }
        return new AcmeFault(effect, resources, requests);
    }

    /**
     * Repeats the fault until {@link AcmeTestServer#clearFaults()}.
     *
     * @return a fault that happens to every request that it is meant for
     */
    public AcmeFault always() {
        return times(Integer.MAX_VALUE);
    }

    FaultEffect effect() {
        return effect;
    }

    Set<AcmeResource> resources() {
        return resources;
    }

    int times() {
        return times;
    }

    private static AcmeFault rateLimited(String retryAfter) {
        return problem(Problem.of(ProblemType.RATE_LIMITED, "A test asked for this refusal. Come back later.")
                .exception()
                .with("Retry-After", retryAfter));
    }

    private static AcmeFault problem(ProblemException refusal) {
        return once(new FaultEffect.Answer(AcmeResponse.problem(refusal)));
    }

    private static FaultEffect waitingFor(Future<?> released) {
        return new FaultEffect.Wait(() -> released);
    }

    private static AcmeFault once(FaultEffect effect) {
        return new AcmeFault(effect, Set.of(), 1);
    }
}
