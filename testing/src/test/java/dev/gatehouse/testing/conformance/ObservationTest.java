package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testing.AcmeExchange;
import dev.gatehouse.testing.AcmeOrder;
import dev.gatehouse.testing.AcmeResource;
import dev.gatehouse.testing.OrderStatus;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a test sees of a server: orders, certificates, requests, and waiting for them. */
class ObservationTest extends AgainstServer {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void tellsTheOrdersForAName() {
        web.issue(client, "shop.test");
        client.newOrder("other.test", "more.test");

        AcmeOrder order = server.requireOneOrder("shop.test");

        assertThat(order.status()).isEqualTo(OrderStatus.VALID);
        assertThat(order.certificate()).isEqualTo(server.issuedCertificates().get(0));
        assertThat(order.account()).hasToString(client.account());
        assertThat(server.orders("more.test")).hasSize(1);
        assertThat(server.orders("nothing.test")).isEmpty();
    }

    @Test
    void tellsEveryOrderWhenThereIsNotExactlyOne() {
        assertThatThrownBy(() -> server.requireOneOrder("shop.test"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("There are 0 orders for shop.test instead of one. No order was made at all: look at"
                        + " exchanges().");
        client.newOrder("shop.test");
        client.newOrder("shop.test");

        assertThatThrownBy(() -> server.requireOneOrder("shop.test"))
                .hasMessage(
                        "There are 2 orders for shop.test instead of one. Orders: shop.test is pending; shop.test is"
                                + " pending");
    }

    @Test
    void waitsForAnOrderAndItsCertificate() throws Exception {
        CompletableFuture<AcmeOrder> order = CompletableFuture.supplyAsync(() -> {
            try {
                return server.awaitOrder("shop.test", OrderStatus.VALID, SOON);
            } catch (TimeoutException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Reply issued = web.issue(client, "shop.test");

        assertThat(order.get(20, TimeUnit.SECONDS).location()).hasToString(issued.header("Location"));
        assertThat(server.awaitCertificate("shop.test", SOON))
                .isEqualTo(Issuance.download(client, issued).get(0));
    }

    @Test
    void saysWhatThereIsWhenTheTimeIsOver() {
        web.fail(client, client.newOrder("shop.test"));

        assertThatThrownBy(() -> server.awaitOrder("shop.test", OrderStatus.VALID, Duration.ofMillis(100)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith(
                        "No order for shop.test became valid within PT0.1S. Orders: shop.test is invalid"
                                + " (http://shop.test/.well-known/acme-challenge/");
        assertThatThrownBy(() -> server.awaitExchanges(AcmeResource.FINALIZE, 1, Duration.ofMillis(100)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith("0 requests for FINALIZE were made within PT0.1S, not 1. The last request was");
    }

    @Test
    void anOrderThatExpiresWhileItIsWaitedForIsSeen() throws Exception {
        client.newOrder("shop.test");
        server.moveClock(Duration.ofDays(8));

        assertThat(server.awaitOrder("shop.test", OrderStatus.INVALID, SOON).error())
                .isNull();
    }

    @Test
    void recordsWhatWasAskedAndAnswered() throws Exception {
        client.newOrder("shop.test");
        client.send(
                client.url("newOrder"),
                client.withAccount(client.url("newOrder")).payload("[]"));

        AcmeExchange made =
                server.awaitExchanges(AcmeResource.NEW_ORDER, 2, SOON).get(0);
        AcmeExchange refused = server.exchanges(AcmeResource.NEW_ORDER).get(1);

        assertThat(made.method()).isEqualTo("POST");
        assertThat(made.uri()).isEqualTo(URI.create(client.url("newOrder")));
        assertThat(made.account()).isEqualTo(URI.create(client.account()));
        assertThat(made.payload()).contains("\"value\":\"shop.test\"");
        assertThat(made.userAgent()).startsWith("Java-http-client");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.problem()).isNull();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.problem()).isEqualTo("malformed");
        assertThat(server.exchanges(AcmeResource.DIRECTORY))
                .isNotEmpty()
                .allSatisfy(read -> assertThat(read.payload()).isNull());
    }

    @Test
    void recordsRequestsThatAreNone() {
        client.request("POST", client.url("newOrder"), "text/plain", "{\"protected\":\"e30\",\"payload\":7}");
        client.get(server.directoryUri().resolve("/a/b/c/d/e").toString()).requireStatus(404);

        assertThat(server.exchanges(AcmeResource.NEW_ORDER)).singleElement().satisfies(exchange -> {
            assertThat(exchange.payload()).isNull();
            assertThat(exchange.account()).isNull();
        });
        assertThat(server.exchanges()).anySatisfy(exchange -> {
            assertThat(exchange.resource()).isNull();
            assertThat(exchange.status()).isEqualTo(404);
        });
    }
}
