package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.AcmeRateLimits;
import dev.gatehouse.testing.AcmeTestServerBuilder;
import dev.gatehouse.testing.KeyAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 6.6: Rate Limits")
class Rfc8555Section66RateLimitsTest extends AgainstServer {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    AcmeTestServerBuilder settings(AcmeTestServerBuilder usual) {
        return usual.clock(InstantSource.fixed(NOW))
                .orderLifetime(Duration.ofDays(30))
                .txtResolver(name -> List.of())
                .rateLimits(AcmeRateLimits.none()
                        .certificatesPerRegisteredDomain(2, Duration.ofDays(7))
                        .certificatesPerExactSet(2, Duration.ofDays(7))
                        .failedAuthorizations(1, Duration.ofHours(1))
                        .newOrdersPerAccount(6, Duration.ofHours(3)));
    }

    @Test
    @DisplayName("Once the rate limit is exceeded, the server MUST respond with an error with the type \"rateLimited\"")
    void certificatesPerRegisteredDomain() {
        web.issue(client, "a.example.com");
        web.issue(client, "b.example.com");

        Reply refused = client.newOrder("c.example.com").requireProblem(429, "rateLimited");

        assertThat(refused.text("detail"))
                .isEqualTo(
                        "too many certificates (2) already issued for \"example.com\" in the last 168h0m0s, retry after"
                                + " 2030-01-04 12:00:00 UTC: see"
                                + " https://letsencrypt.org/docs/rate-limits/#new-certificates-per-registered-domain");
        client.newOrder("a.example.org").requireStatus(201);
    }

    @Test
    @DisplayName("The server SHOULD include a Retry-After header field indicating when the current request may succeed")
    void retryAfterIsWhenTheRequestSucceeds() {
        web.issue(client, "a.example.com");
        web.issue(client, "b.example.com");
        String seconds = client.newOrder("c.example.com").header("Retry-After");

        server.moveClock(Duration.ofSeconds(Long.parseLong(seconds) - 1));
        client.newOrder("c.example.com").requireProblem(429, "rateLimited");
        server.moveClock(Duration.ofSeconds(1));
        web.issue(client, "c.example.com");

        assertThat(seconds).isEqualTo(Long.toString(Duration.ofHours(84).toSeconds()));
        client.newOrder("d.example.com").requireProblem(429, "rateLimited");
    }

    @Test
    @DisplayName("The server can provide one or more \"help\" Link header fields that point to documentation")
    void linksToHelp() {
        web.issue(client, "a.example.com");
        web.issue(client, "b.example.com");

        assertThat(client.newOrder("c.example.com").links("help"))
                .containsExactly("https://letsencrypt.org/docs/rate-limits/");
    }

    @Test
    @DisplayName("Let's Encrypt: a renewal of the same names is limited by the exact set only")
    void renewalsAreLimitedByTheExactSet() {
        web.issue(client, "a.example.com", "b.example.com");
        web.issue(client, "c.example.com");
        web.issue(client, "b.example.com", "a.example.com");

        Reply refused = client.newOrder("a.example.com", "b.example.com").requireProblem(429, "rateLimited");

        assertThat(refused.text("detail"))
                .startsWith("too many certificates (2) already issued for this exact set of identifiers in the last"
                        + " 168h0m0s, retry after 2030-01-04 12:00:00 UTC");
    }

    @Test
    @DisplayName("Let's Encrypt: an order that says which certificate it replaces is not limited at all")
    void replacementsAreNotLimited() {
        web.issue(client, "a.example.com");
        Reply order = web.issue(client, "b.example.com");
        String replaced = RenewalId.of(Issuance.download(client, order).get(0));

        client.newOrder("b.example.com", "c.example.com").requireProblem(429, "rateLimited");
        client.newOrder(Map.of("replaces", replaced), "b.example.com", "c.example.com")
                .requireStatus(201);
    }

    @Test
    @DisplayName("Let's Encrypt: new orders per account")
    void newOrdersPerAccount() {
        for (int i = 0; i < 6; i++) {
            client.newOrder("app.example" + i + ".com").requireStatus(201);
        }

        Reply refused = client.newOrder("app.example.com").requireProblem(429, "rateLimited");

        assertThat(refused.text("detail"))
                .startsWith("too many new orders (6) from this account in the last 3h0m0s, retry after"
                        + " 2030-01-01 00:30:00 UTC");
        assertThat(refused.header("Retry-After")).isEqualTo("1800");
        WireClient.registered(server).newOrder("app.example.com").requireStatus(201);
    }

    @Test
    @DisplayName("Let's Encrypt: failed authorizations per identifier and account")
    void failedAuthorizations() {
        web.fail(client, client.newOrder("app.example.com"));

        Reply refused = client.newOrder("app.example.com").requireProblem(429, "rateLimited");

        assertThat(refused.text("detail"))
                .startsWith("too many failed authorizations (1) for \"app.example.com\" in the last 1h0m0s");
        client.newOrder("*.app.example.com").requireProblem(429, "rateLimited");
        server.moveClock(Duration.ofHours(1));
        web.issue(client, KeyAlgorithm.EC_P256.generateKeyPair(), "app.example.com");
    }
}
