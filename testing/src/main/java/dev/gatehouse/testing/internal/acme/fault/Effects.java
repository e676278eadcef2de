package dev.gatehouse.testing.internal.acme.fault;

import dev.gatehouse.testing.internal.acme.wire.AcmeRequest;
import dev.gatehouse.testing.internal.acme.wire.AcmeResponse;
import dev.gatehouse.testing.internal.acme.wire.Problem;
import dev.gatehouse.testing.internal.acme.wire.ProblemException;
import dev.gatehouse.testing.internal.acme.wire.ProblemType;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.jspecify.annotations.Nullable;

/** Makes the effects that a test can choose from. */
public final class Effects {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private Effects() {}

    /** {@return a refusal of one of the types that this server knows} */
    public static FaultEffect refusal(ProblemType type, String detail) {
        return answer(Problem.of(type, detail).exception());
    }

    /** {@return a refusal of any type} */
    public static FaultEffect refusal(int status, String type, String detail) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:ietf:params:acme:error:" + type);
        json.put("detail", detail);
        json.put("status", status);
        return answer(AcmeResponse.text(status, "application/problem+json", JsonUtil.toJson(json)));
    }

    /**
     * Refuses because of a rate limit.
     *
     * @param retryAfter the value of {@code Retry-After}, null for none
     * @return the effect
     */
    public static FaultEffect rateLimited(@Nullable String retryAfter) {
        ProblemException refusal = Problem.of(
                        ProblemType.RATE_LIMITED, "A test asked for this refusal. Come back later.")
                .exception();
        return answer(retryAfter == null ? refusal : refusal.with("Retry-After", retryAfter));
    }

    /** {@return the value of {@code Retry-After} that is a date} */
    public static String date(Instant instant) {
        return HTTP_DATE.format(instant);
    }

    /** {@return a refusal until new terms are agreed to, which leads to them (RFC 8555 section 7.3.3)} */
    public static FaultEffect termsChanged() {
        return new FaultEffect.Answer("terms changed", request -> {
            URI terms = URI.create(request.url()).resolve("/" + Urls.TERMS);
            return AcmeResponse.problem(
                    Problem.of(ProblemType.USER_ACTION_REQUIRED, "The terms of service have changed. Agree to " + terms)
                            .withInstance(terms)
                            .exception()
                            .with("Link", "<" + terms + ">;rel=\"terms-of-service\""));
        });
    }

    /** {@return an answer that has nothing to do with the request} */
    public static FaultEffect answer(AcmeResponse response) {
        return new FaultEffect.Answer("status " + response.status(), request -> response);
    }

    /** {@return the connection closed before anything is done} */
    public static FaultEffect disconnect() {
        return new FaultEffect.Answer(
                "no answer", request -> AcmeResponse.empty(0).delivered(AcmeResponse.Delivery.LOST));
    }

    /** {@return the connection closed after everything is done} */
    public static FaultEffect loseResponse() {
        return new FaultEffect.Spoil(
                "the response is lost", response -> response.delivered(AcmeResponse.Delivery.LOST));
    }

    /** {@return the connection closed in the middle of the content} */
    public static FaultEffect cutResponse() {
        return new FaultEffect.Spoil("the response is cut", response -> response.delivered(AcmeResponse.Delivery.CUT));
    }

    /** {@return content that ends too early, in a response that is complete} */
    public static FaultEffect malformedContent() {
        return new FaultEffect.Spoil(
                "the content is malformed",
                response -> response.withContent(
                        response.content().substring(0, response.content().length() / 2)));
    }

    /** {@return a field more in the response} */
    public static FaultEffect field(String name, String value) {
        return new FaultEffect.Spoil(name + ": " + value, response -> response.with(name, value));
    }

    /** {@return a wait by the wall clock} */
    public static FaultEffect delay(Duration delay) {
        return new FaultEffect.Wait(
                () -> new CompletableFuture<>().completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static FaultEffect answer(ProblemException refusal) {
        return new FaultEffect.Answer(
                refusal.problem().type().token(), (AcmeRequest request) -> AcmeResponse.problem(refusal));
    }
}
