package dev.gatehouse.acme.dns;

import dev.gatehouse.acme.internal.dns.HttpApi;
import dev.gatehouse.acme.internal.dns.WebhookCalls;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Has records written by an HTTP service, with the requests of lego's <i>httpreq</i> provider, which many tools speak:
 * {@code POST ENDPOINT/present} and {@code POST ENDPOINT/cleanup} with the JSON body
 *
 * <pre>{@code
 * {"fqdn": "_acme-challenge.example.com.", "value": "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM"}
 * }</pre>
 *
 * <p>Every status of 200 to 299 says that it was done. Redirects are not followed. A {@code Retry-After} field of a 429 or
 * 503 is kept to.
 *
 * <p>Immutable: each method that changes something returns another provider. Safe for use by several threads.
 */
public final class WebhookDns implements DnsProvider {

    private final WebhookCalls calls;

    private WebhookDns(WebhookCalls calls) {
        this.calls = calls;
    }

    /**
     * Calls a service.
     *
     * @param endpoint an absolute http or https URI; {@code /present} and {@code /cleanup} are added to its path
     * @return the provider, with a time-out of 30 seconds
     * @throws IllegalArgumentException if it is not such a URI, or has credentials, a query or a fragment
     */
    public static WebhookDns at(URI endpoint) {
        return new WebhookDns(WebhookCalls.to(HttpApi.requireEndpoint("Webhook endpoint", endpoint)));
    }

    /**
     * Sends the challenge in place of the record, for services that compute the record themselves (httpreq's mode
     * {@code RAW}):
     *
     * <pre>{@code
     * {"domain": "example.com", "token": "…", "keyAuth": "…"}
     * }</pre>
     *
     * <p>Such a service writes at {@code _acme-challenge.DOMAIN}, or follows aliases itself.
     *
     * @return a provider in this mode
     */
    public WebhookDns raw() {
        return new WebhookDns(calls.raw());
    }

    /**
     * Identifies itself by HTTP basic authentication.
     *
     * @param user the name, without a colon
     * @param password the password
     * @return a provider that sends both
     */
    public WebhookDns basicAuthentication(String user, String password) {
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user: '" + user + "' (expected: not empty, without a colon)");
        }
        return new WebhookDns(calls.basicAuthentication(user, Objects.requireNonNull(password, "password")));
    }

    /**
     * Sets how long one call may take.
     *
     * @param timeout more than zero, at most 5 minutes
     * @return a provider with this time-out
     */
    public WebhookDns timeout(Duration timeout) {
        return new WebhookDns(calls.timeout(HttpApi.requireTimeout(timeout, Duration.ofMinutes(5))));
    }

    @Override
    public void present(ChallengeRecord record) throws DnsProviderException {
        calls.call("present", record);
    }

    @Override
    public void remove(ChallengeRecord record) throws DnsProviderException {
        calls.call("cleanup", record);
    }

    /** {@return what it is and the endpoint} */
    @Override
    public String toString() {
        return calls.toString();
    }
}
