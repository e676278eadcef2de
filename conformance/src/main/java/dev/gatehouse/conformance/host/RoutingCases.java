package dev.gatehouse.conformance.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Router;
import dev.gatehouse.routing.Service;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which service answers a request. */
abstract class RoutingCases extends ContractCases {

    RoutingCases(RouterHostConformance contract) {
        super(contract);
    }

    private static Service.Builder answering(String name) {
        return Service.named(name).handler(Answers.with(exchange -> name));
    }

    private HttpMessage get(String host, String target) throws Exception {
        return connect()
                .sendHead("GET " + target + " HTTP/1.1", "Host: " + host)
                .readResponse();
    }

    @ParameterizedTest
    @CsvSource({
        "app.example.com, exact",
        "APP.example.COM, exact",
        "app.example.com., exact",
        "app.example.com:8080, exact",
        "other.example.com, wildcard",
        "a.b.example.com, rest",
        "example.com, rest",
        "127.0.0.1, rest",
    })
    void exactHostComesBeforeWildcardBeforeCatchAll(String host, String service) throws Exception {
        route(
                answering("rest").build(),
                answering("wildcard").host("*.example.com").build(),
                answering("exact").host("app.example.com").build());

        assertThat(get(host, "/").text()).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource({
        "/, root",
        "/api, api",
        "/api/, api",
        "/api?x=/api/v2, api",
        "/api/users, api",
        "/apiary, root",
        "/api/v2, v2",
        "/api/v2/users?x, v2",
        "/api/v20, api",
        "/API, root",
    })
    void longestPathPrefixWinsOnSegmentBoundaries(String target, String service) throws Exception {
        route(
                answering("root").host("a.example").build(),
                answering("v2").host("a.example").pathPrefix("/api/v2").build(),
                answering("api").host("a.example").pathPrefix("/api").build());

        assertThat(get("a.example", target).text()).isEqualTo(service);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/../admin",
                "/api/%2e%2e/admin",
                "/api/..%2Fadmin",
                "/api%2Fadmin",
                "/x/../api/users",
                "//api/users",
                "/api/..\\admin",
                "/api/..;/admin",
            })
    void pathsThatCanBeReadAsAnotherRouteAreRefused(String target) throws Exception {
        route(
                answering("root").host("a.example").build(),
                answering("api").host("a.example").pathPrefix("/api").build());

        assertThat(get("a.example", target).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "/a//b", "/a/../b", "/a;x=1", "/%2e%2e"})
    void unusualPathsPassWhereThereIsOnlyOneRoute(String target) throws Exception {
        route(Service.named("root")
                .handler(Answers.with(exchange -> exchange.requestTarget()))
                .build());

        assertThat(get("a.example", target).status()).isIn(200, 400);
        assertThat(get("a.example", "/a%2Fb").text()).isEqualTo("/a%2Fb");
    }

    @Test
    void unknownHostsAndPathsGet404() throws Exception {
        route(
                answering("app").host("a.example").pathPrefix("/app").build(),
                answering("b").host("b.example").build());

        assertThat(get("c.example", "/").status()).isEqualTo(404);
        assertThat(get("a.example", "/").status()).isEqualTo(404);
        assertThat(get("b.example", "/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a_b c", "a..b", "[::1", "a.example:99999", "a.example:x", "a/b"})
    void malformedHostsGet400(String host) throws Exception {
        route(answering("rest").build());

        assertThat(get(host, "/").status()).isEqualTo(400);
    }

    @Test
    void requestWithoutHostGets400() throws Exception {
        route(answering("rest").build());

        assertThat(connect().sendHead("GET / HTTP/1.0").readResponse().status()).isEqualTo(400);
    }

    @Test
    void pathPrefixCanBeTakenOff() throws Exception {
        route(Service.named("api")
                .pathPrefix("/api")
                .stripPathPrefix(true)
                .handler(Answers.with(exchange -> exchange.requestTarget()))
                .build());

        assertThat(get("a.example", "/api").text()).isEqualTo("/");
        assertThat(get("a.example", "/api?x=1").text()).isEqualTo("/?x=1");
        assertThat(get("a.example", "/api/a%20b").text()).isEqualTo("/a%20b");
    }

    @Test
    void serverWideOptionsAreAnsweredByTheRouter() throws Exception {
        route(answering("rest").build());

        assertThat(connect()
                        .sendHead("OPTIONS * HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void hostIsTheOneOfTheAuthorityInAnyVersion(HttpClient.Version version) throws Exception {
        route(
                answering("rest").build(),
                answering("local").hosts("127.0.0.1", "localhost").build());
        HttpClient client = http(version);

        for (int i = 0; i < 2; i++) {
            assertThat(client.send(request("/").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("local");
        }
    }

    @Test
    void routesOfTheNextRequestAreThoseOfThatMoment() throws Exception {
        var router = closedAfterwards(
                Router.builder().service(answering("one").build()).build());
        serve(router);
        RawClient client = connect();

        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .text())
                .isEqualTo("one");
        router.put(answering("two").host("a.example").build());
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .text())
                .isEqualTo("two");
        router.remove("two");
        router.remove("one");
        assertThat(client.sendHead("GET / HTTP/1.1", "Host: a.example")
                        .readResponse()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void handlerOfAServiceThatThrowsIsAnswered500() throws Exception {
        route(Service.named("broken")
                .handler(exchange -> {
                    throw new IllegalStateException("secret detail");
                })
                .build());

        HttpMessage response = get("a.example", "/");

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.text()).doesNotContain("secret");
    }
}
