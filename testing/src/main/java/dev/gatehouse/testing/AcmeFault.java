package dev.gatehouse.testing;

import dev.gatehouse.testing.internal.acme.fault.Effects;
import dev.gatehouse.testing.internal.acme.fault.Fault;
import dev.gatehouse.testing.internal.acme.fault.FaultEffect;
import dev.gatehouse.testing.internal.acme.fault.Misconduct;
import dev.gatehouse.testing.internal.acme.fault.Misconducts;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Something that an {@link AcmeTestServer} does wrong because a test asks for it, to see how a client takes it.
 *
 * <p>Some faults are those of an HTTP server. Each request meets the first of them that is meant for it: without further
 * words the next request, whatever that is for.
 *
 * <pre>{@code
 * server.inject(AcmeFault.badNonce());
 * server.inject(AcmeFault.rateLimited(Duration.ofMinutes(5)).on(AcmeResource.NEW_ORDER).times(2));
 * server.inject(AcmeFault.loseResponse().on(AcmeResource.FINALIZE));
 * server.inject(AcmeFault.delayedBy(Duration.ofMillis(200)).and(AcmeFault.serverError()).on(AcmeResource.ORDER));
 * }</pre>
 *
 * <p>Others are those of a CA. They meet the next order, or the next one with a certain name; an order meets one of each
 * kind.
 *
 * <pre>{@code
 * server.inject(AcmeFault.refusedChallenge("caa", "CAA record for shop.test prevents issuance").forName("shop.test"));
 * server.inject(AcmeFault.processingFor(3));
 * server.inject(AcmeFault.wrongChain());
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads; each method returns a new fault. One fault can be injected several
 * times and into several servers.
 */
public final class AcmeFault {
    private static final String ON_PURPOSE = "A test asked for this failure.";

    private final Fault fault;
    private final int times;

    private AcmeFault(Fault fault, int times) {
        this.fault = fault;
        this.times = times;
    }

    /** {@return a problem {@code badNonce} (RFC 8555 section 6.5); clients shall try again with the nonce in it} */
    public static AcmeFault badNonce() {
        return request(Effects.refusal(
                ProblemType.BAD_NONCE,
                "A test asked for this refusal. Try again with the Replay-Nonce of this response."));
    }

    /** {@return a refusal with {@code rateLimited} and status 429 that does not say for how long} */
    public static AcmeFault rateLimited() {
        return request(Effects.rateLimited(null));
    }

    /**
     * Refuses with {@code rateLimited} and status 429 (RFC 8555 section 6.6).
     *
     * @param retryAfter after how much time the client may come back; whole seconds, zero or more
     * @return the fault
     */
    public static AcmeFault rateLimited(Duration retryAfter) {
        return request(Effects.rateLimited(
                Long.toString(Settings.notNegative("retryAfter", retryAfter).toSeconds())));
    }

    /**
     * Refuses with {@code rateLimited} and status 429, with a {@code Retry-After} that is a date.
     *
     * @param retryAt when the client may come back; whole seconds, and may be in the past
     * @return the fault
     */
    public static AcmeFault rateLimitedUntil(Instant retryAt) {
        return request(Effects.rateLimited(Effects.date(retryAt)));
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
        return request(Effects.refusal(
                status, Objects.requireNonNull(type, "type"), Objects.requireNonNull(detail, "detail")));
    }

    /**
     * Pretends not to know the account, as a CA that has lost it. {@link AcmeTestServer#forgetAccounts()} really loses them.
     *
     * @return a problem {@code accountDoesNotExist}
     */
    public static AcmeFault accountDoesNotExist() {
        return request(Effects.refusal(
                ProblemType.ACCOUNT_DOES_NOT_EXIST, "A test wants this account to be unknown. Create a new one."));
    }

    /**
     * Asks for agreement to new terms (RFC 8555 section 7.3.3). {@link AcmeTestServer#changeTermsOfService()} asks until a
     * person agrees.
     *
     * @return a problem {@code userActionRequired}
     */
    public static AcmeFault termsChanged() {
        return request(Effects.termsChanged());
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
        return request(Effects.answer(
                AcmeResponse.text(503, "text/html", "<html><body><h1>Service Unavailable</h1></body></html>\n")
                        .with("Retry-After", Long.toString(seconds))));
    }

    /** {@return renewal information that is out of order, status 500, until {@link AcmeTestServer#clearFaults()}} */
    public static AcmeFault renewalInfoDown() {
        return serverError().on(AcmeResource.RENEWAL_INFO).always();
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
        return request(Effects.answer(AcmeResponse.text(status, mediaType, content)));
    }

    /**
     * Adds a field to the response. Before {@link #and} it is added to what the other fault answers.
     *
     * @param name its name
     * @param value its value
     * @return the fault
     */
    public static AcmeFault header(String name, String value) {
        return request(Effects.field(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value")));
    }

    /** {@return a connection that is closed before anything is done} */
    public static AcmeFault disconnect() {
        return request(Effects.disconnect());
    }

    /**
     * Closes the connection after the request has had its effect: an order that exists, a certificate that is issued, and
     * a client that does not know.
     *
     * @return the fault
     */
    public static AcmeFault loseResponse() {
        return request(Effects.loseResponse());
    }

    /** {@return a connection that is closed in the middle of the response, after the request has had its effect} */
    public static AcmeFault cutResponse() {
        return request(Effects.cutResponse());
    }

    /** {@return a response whose JSON breaks off, after the request has had its effect} */
    public static AcmeFault malformedJson() {
        return request(Effects.malformedContent());
    }

    /**
     * Keeps the client waiting for a time by the wall clock, and answers then. Better than this, where a test can use it,
     * is {@link #heldUntil}.
     *
     * @param delay more than zero
     * @return the fault
     */
    public static AcmeFault delayedBy(Duration delay) {
        return request(Effects.delay(Settings.positive("delay", delay)));
    }

    /**
     * Keeps the client waiting until the test lets it go, and answers then. No thread of the server waits.
     *
     * @param released ends the wait when it is done, with a value or without
     * @return the fault
     */
    public static AcmeFault heldUntil(CompletionStage<?> released) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        released.whenComplete((done, failure) -> over.complete(null));
        return request(new FaultEffect.Wait(() -> over));
    }

    /**
     * Lets a validation fail without looking at what the client shows: challenge, authorization and order become invalid.
     *
     * @param type the last part of the problem's type, such as {@code dns}, {@code caa} or {@code unauthorized}
     * @param detail what the client is told
     * @return the fault
     */
    public static AcmeFault refusedChallenge(String type, String detail) {
        return order(new Misconduct.RefusedChallenge(Misconducts.problem(type, detail)));
    }

    /**
     * Takes the signing request of an order, and lets the order become invalid then.
     *
     * @param type the last part of the problem's type, such as {@code caa} or {@code serverInternal}
     * @param detail what the client is told
     * @return the fault
     */
    public static AcmeFault invalidOrder(String type, String detail) {
        return order(new Misconduct.FailedOrder(Misconducts.problem(type, detail)));
    }

    /** {@return an order that becomes invalid when it is finalized, by a failure of the CA} */
    public static AcmeFault invalidOrder() {
        return invalidOrder("serverInternal", ON_PURPOSE);
    }

    /**
     * Lets an order be {@code processing} after it was finalized, for as many looks at it as the test wants.
     *
     * @param polls how many more times the client finds it processing after the response to the signing request, 1 or more
     * @return the fault
     */
    public static AcmeFault processingFor(int polls) {
        if (polls < 1) {
            throw new IllegalArgumentException("polls: " + polls + " (expected: >= 1)");
        }
        // The response to the signing request is one look, too.
        return order(new Misconduct.SlowOrder(polls + 1));
    }

    /** {@return a certificate that comes with the intermediate of another CA} */
    public static AcmeFault wrongChain() {
        return order(Misconducts.wrongChain());
    }

    /** {@return a certificate that comes without an intermediate} */
    public static AcmeFault missingIntermediate() {
        return order(Misconducts.missingIntermediate());
    }

    /**
     * Issues for other names than those that were ordered.
     *
     * @param first a name or an IP address
     * @param others more of them
     * @return the fault
     */
    public static AcmeFault wrongName(String first, String... others) {
        return order(Misconducts.wrongNames(
                Stream.concat(Stream.of(first), List.of(others).stream()).toList()));
    }

    /** {@return a certificate for another key than that of the signing request} */
    public static AcmeFault wrongKey() {
        return order(Misconducts.wrongKey());
    }

    /** {@return a certificate that expired a minute ago, by the server's clock} */
    public static AcmeFault expiredCertificate() {
        return order(Misconducts.expired());
    }

    /**
     * Suggests to renew in a window at a distance from the present, by the server's clock (RFC 9773 section 4.2): negative
     * for the past. Where the end is not after the start, clients shall take it for no window at all.
     *
     * @param start when it begins, from now
     * @param end when it ends, from now
     * @return the fault
     */
    public static AcmeFault renewalWindow(Duration start, Duration end) {
        return order(
                Misconducts.renewalWindow(Objects.requireNonNull(start, "start"), Objects.requireNonNull(end, "end")));
    }

    /**
     * Suggests another window whenever a client asks, until {@link AcmeTestServer#clearFaults()}.
     *
     * @param step by how much it moves each time, earlier when it is negative
     * @return the fault
     */
    public static AcmeFault movingRenewalWindow(Duration step) {
        return order(Misconducts.movingRenewalWindow(Objects.requireNonNull(step, "step")))
                .always();
    }

    /**
     * Means the fault for certain resources.
     *
     * @param first a resource
     * @param others more of them
     * @return a fault that meets requests for these resources only
     * @throws IllegalStateException if it is a fault of orders
     */
    public AcmeFault on(AcmeResource first, AcmeResource... others) {
        return new AcmeFault(new Fault.OfRequest(EnumSet.of(first, others), effect("on")), times);
    }

    /**
     * Means the fault for orders with a certain name among theirs.
     *
     * @param name a name, with its star if it is a wildcard name, or an IP address
     * @return a fault that meets such orders only
     * @throws IllegalStateException if it is a fault of requests
     */
    public AcmeFault forName(String name) {
        if (!(fault instanceof Fault.OfOrder order)) {
            throw new IllegalStateException("forName: this fault meets requests, not orders. Choose them with on().");
        }
        return new AcmeFault(new Fault.OfOrder(Set.of(name.toLowerCase(Locale.ROOT)), order.misconduct()), times);
    }

    /**
     * Lets two faults meet the same request: a delay and a refusal, say. This one comes first; where the other one answers,
     * this one cannot add but a delay, a field, or the loss of the answer.
     *
     * @param other a fault of requests; what it was meant for and how often does not count
     * @return a fault that is both
     * @throws IllegalStateException if one of them is a fault of orders; an order meets several of those anyway
     */
    public AcmeFault and(AcmeFault other) {
        FaultEffect both = new FaultEffect.Both(effect("and"), other.effect("and"));
        return new AcmeFault(new Fault.OfRequest(((Fault.OfRequest) fault).resources(), both), times);
    }

    /**
     * Repeats the fault.
     *
     * @param occasions how many requests, or orders, it meets; 1 or more
     * @return a fault that happens so often
     */
    public AcmeFault times(int occasions) {
        if (occasions < 1) {
            throw new IllegalArgumentException("occasions: " + occasions + " (expected: >= 1)");
        }
        return new AcmeFault(fault, occasions);
    }

    /**
     * Repeats the fault until {@link AcmeTestServer#clearFaults()}.
     *
     * @return a fault that happens to everything that it is meant for
     */
    public AcmeFault always() {
        return times(Integer.MAX_VALUE);
    }

    Fault fault() {
        return fault;
    }

    int times() {
        return times;
    }

    private FaultEffect effect(String method) {
        if (!(fault instanceof Fault.OfRequest request)) {
            throw new IllegalStateException(
                    method + ": this fault meets orders, not requests. Choose them with forName().");
        }
        return request.effect();
    }

    private static AcmeFault request(FaultEffect effect) {
        return new AcmeFault(new Fault.OfRequest(Set.of(), effect), 1);
    }

    private static AcmeFault order(Misconduct misconduct) {
        return new AcmeFault(new Fault.OfOrder(Set.of(), misconduct), 1);
    }
}
