package dev.gatehouse.acme.internal.dns;

import dev.gatehouse.acme.dns.ChallengeRecord;
import dev.gatehouse.acme.dns.DnsProviderException;
import dev.gatehouse.acme.dns.DnsProviderException.Reason;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jspecify.annotations.Nullable;

/** The requests of lego's httpreq provider. */
public final class WebhookCalls {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    private final URI endpoint;
    private final boolean raw;
    private final @Nullable String authorization;
    private final Duration timeout;
    private final HttpApi http;

    private WebhookCalls(URI endpoint, boolean raw, @Nullable String authorization, Duration timeout) {
        this.endpoint = endpoint;
        this.raw = raw;
        this.authorization = authorization;
        this.timeout = timeout;
        this.http = new HttpApi(toString(), timeout);
    }

    /** Calls an endpoint that was checked. */
    public static WebhookCalls to(URI endpoint) {
        return new WebhookCalls(endpoint, false, null, USUAL_TIMEOUT);
    }

    /** Sends challenges in place of records. */
    public WebhookCalls raw() {
        return new WebhookCalls(endpoint, true, authorization, timeout);
    }

    /** Sends credentials. */
    public WebhookCalls basicAuthentication(String user, String password) {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new WebhookCalls(endpoint, raw, "Basic " + credentials, timeout);
    }

    /** Sets the time-out of a call. */
    public WebhookCalls timeout(Duration newTimeout) {
        return new WebhookCalls(endpoint, raw, authorization, newTimeout);
    }

    /** Calls {@code ENDPOINT/action}, and blocks until it has answered. */
    public void call(String action, ChallengeRecord record) throws DnsProviderException {
        HttpRequest.Builder request = HttpRequest.newBuilder(HttpApi.resolve(endpoint, "/" + action))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JsonUtil.toJson(bodyFor(record))));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpReply reply = http.send(request.build());
        if (!reply.isSuccess()) {
            throw explain(action, reply);
        }
    }

    private Map<String, Object> bodyFor(ChallengeRecord record) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (raw) {
            body.put("domain", record.domain());
            body.put("token", record.token());
            body.put("keyAuth", record.keyAuthorization());
        } else {
            body.put("fqdn", record.name() + ".");
            body.put("value", record.value());
        }
        return body;
    }

    private DnsProviderException explain(String action, HttpReply reply) {
        int status = reply.status();
        String said = this + " answered " + status + " to /" + action + " with " + reply.shownBody() + ". ";
        DnsProviderException failure;
        if (status == 401 || status == 403) {
            failure = DnsProviderException.of(Reason.CREDENTIALS, said + "Check the user and the password.");
        } else if (status == 429) {
            failure = DnsProviderException.of(Reason.RATE_LIMIT, said + "It is called too often.");
        } else if (status >= 500) {
            failure = DnsProviderException.unavailable(said + "Look into its log.", null);
        } else if (status == 404 || status >= 300 && status < 400) {
            failure = DnsProviderException.of(
                    Reason.REFUSED, said + "Set the endpoint to the address before /present and /cleanup.");
        } else {
            failure = DnsProviderException.of(Reason.REFUSED, said + "Look into its log.");
        }
        return reply.retryAfter().map(failure::retryAfter).orElse(failure);
    }

    /** {@return what it is and the endpoint} */
    @Override
    public String toString() {
        return "DNS webhook " + endpoint;
    }
}
