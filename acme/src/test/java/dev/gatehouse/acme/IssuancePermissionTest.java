package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.tls.ServerName;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class IssuancePermissionTest {

    private static final IssuancePermission ALLOW =
            request -> CompletableFuture.completedFuture(PermissionDecision.allowed("of course"));
    private static final IssuancePermission DENY =
            request -> CompletableFuture.completedFuture(PermissionDecision.denied("never"));
    private static final IssuancePermission UNKNOWN =
            request -> CompletableFuture.completedFuture(PermissionDecision.unknown("who knows"));

    @Test
    void aPredicateSeesTheNormalisedName() {
        IssuancePermission permission = IssuancePermission.of("app.example.com"::equals);

        assertThat(ask(permission, "APP.Example.Com.").verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(ask(permission, "other.example.com").verdict()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void namesMayHaveWildcards() {
        IssuancePermission permission = IssuancePermission.ofNames(List.of("example.com", "*.example.com"));

        assertThat(ask(permission, "example.com").isAllowed()).isTrue();
        assertThat(ask(permission, "a.example.com").isAllowed()).isTrue();
        assertThat(ask(permission, "a.b.example.com").isAllowed()).isFalse();
    }

    @Test
    void anyOfAllowsIfOneDoesAndIsOpenIfOneIs() {
        assertThat(ask(IssuancePermission.anyOf(DENY, UNKNOWN, ALLOW), "a.test").verdict())
                .isEqualTo(Verdict.ALLOWED);
        assertThat(ask(IssuancePermission.anyOf(UNKNOWN, DENY), "a.test"))
                .isEqualTo(PermissionDecision.unknown("who knows"));
        assertThat(ask(IssuancePermission.anyOf(DENY, DENY), "a.test").verdict())
                .isEqualTo(Verdict.DENIED);
        assertThat(ask(IssuancePermission.anyOf(), "a.test").verdict()).isEqualTo(Verdict.DENIED);
    }

    @Nested
    class OverHttp {

        private final MockWebServer endpoint = new MockWebServer();

        @BeforeEach
        void start() throws IOException {
            endpoint.start();
        }

        @AfterEach
        void stop() {
            endpoint.close();
        }

        @ParameterizedTest
        @CsvSource({
            "200, ALLOWED",
            "204, DENIED",
            "403, DENIED",
            "404, DENIED",
            "302, DENIED",
            "500, UNKNOWN",
            "503, UNKNOWN"
        })
        void onlyStatus200Allows(int status, Verdict verdict) {
            endpoint.enqueue(new MockResponse.Builder().code(status).build());

            PermissionDecision decision = ask(IssuancePermission.http(uri("/ask")), "app.example.com");

            assertThat(decision.verdict()).isEqualTo(verdict);
            assertThat(decision.reason()).contains("answered " + status);
        }

        @Test
        void theNameIsSentAsDomainAndAsHostBesideOtherParameters() throws InterruptedException {
            endpoint.enqueue(new MockResponse.Builder().build());

            ask(IssuancePermission.http(uri("/ask?token=a%26b#part")), "app.example.com");

            RecordedRequest request = endpoint.takeRequest();
            assertThat(request.getMethod()).isEqualTo("GET");
            assertThat(request.getTarget()).isEqualTo("/ask?token=a%26b&domain=app.example.com&host=app.example.com");
        }

        @Test
        void aRedirectIsNotFollowedAndNamedWithItsUsualCause() {
            endpoint.enqueue(new MockResponse.Builder()
                    .code(301)
                    .addHeader("Location", "https://localhost/ask")
                    .build());

            PermissionDecision decision = ask(IssuancePermission.http(uri("/ask")), "app.example.com");

            assertThat(decision.reason())
                    .contains("answered 301, a redirect to https://localhost/ask, which is not followed")
                    .contains("force-HTTPS");
            assertThat(endpoint.getRequestCount()).isEqualTo(1);
        }

        @Test
        void anEndpointThatDoesNotAnswerLeavesTheQuestionOpen() {
            endpoint.enqueue(new MockResponse.Builder()
                    .onResponseStart(SocketEffect.Stall.INSTANCE)
                    .build());

            PermissionDecision decision = ask(IssuancePermission.http(uri("/ask")), "app.example.com");

            assertThat(decision.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(decision.reason()).contains("did not answer within 2 s");
        }

        @Test
        void anEndpointThatIsDownLeavesTheQuestionOpen() {
            URI uri = uri("/ask");
            endpoint.close();

            PermissionDecision decision = ask(IssuancePermission.http(uri), "app.example.com");

            assertThat(decision.verdict()).isEqualTo(Verdict.UNKNOWN);
            assertThat(decision.reason()).contains("could not be asked").contains("ConnectException");
        }

        private URI uri(String target) {
            return URI.create("http://127.0.0.1:" + endpoint.getPort() + target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ask", "ftp://localhost/ask", "http:///ask", "localhost:3000/ask"})
    void anEndpointThatIsNoAbsoluteHttpUriIsRefused(String endpoint) {
        assertThatThrownBy(() -> IssuancePermission.http(URI.create(endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Ask endpoint '" + endpoint + "'")
                .hasMessageContaining("Write it as");
    }

    private static PermissionDecision ask(IssuancePermission permission, String name) {
        return permission
                .decide(new PermissionRequest(ServerName.of(name), Optional.empty()))
                .toCompletableFuture()
                .join();
    }
}
