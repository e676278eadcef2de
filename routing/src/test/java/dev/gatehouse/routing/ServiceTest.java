package dev.gatehouse.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTest {

    @Test
    void defaultsAreThoseThatTheDocumentationStates() {
        Service service = Service.named("api").target("127.0.0.1:3000").build();

        assertThat(service.hosts()).isEmpty();
        assertThat(service.pathPrefixes()).containsExactly("/");
        assertThat(service.stripPathPrefix()).isFalse();
        assertThat(service.buffering()).isNull();
        assertThat(service.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(service.requestIdleTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(service.responseTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(service.responseIdleTimeout()).isEqualTo(Duration.ofMinutes(5));
        Buffering buffering = Buffering.requests().build();
        assertThat(buffering.memoryBytes()).isEqualTo(1_048_576);
        assertThat(buffering.maxRequestBodyBytes()).isZero();
        assertThat(buffering.temporaryFolder()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
    }

    @Test
    void hostsAndPrefixesAreKeptInTheFormInWhichTheyAreCompared() {
        Service service = Service.named("api")
                .hosts("API.Example.com.", "*.B\u00fccher.example")
                .pathPrefix("v1/")
                .target("app:80")
                .build();

        assertThat(service.hosts()).containsExactly("api.example.com", "*.xn--bcher-kva.example");
        assertThat(service.pathPrefixes()).containsExactly("/v1");
        assertThat(service).hasToString("api [api.example.com, *.xn--bcher-kva.example][/v1] -> app:80");
    }

    @Test
    void contradictionsAreRefusedAtOnce() {
        Service.Builder builder =
                Service.named("api").host("a.example.com").pathPrefix("/x").target("app:80");

        assertThatThrownBy(() -> builder.host("A.example.com"))
                .hasMessage("service api: host a.example.com is given twice (remove one)");
        assertThatThrownBy(() -> builder.pathPrefix("x/"))
                .hasMessage("service api: path prefix /x is given twice (remove one)");
        assertThatThrownBy(() -> builder.target("app:81"))
                .hasMessage("service api: target: set twice, to app:80 and to app:81 (set it once)");
        assertThatThrownBy(() -> builder.handler(exchange -> {}))
                .hasMessage("service api: both a target and a handler (set one; what answers is either)");
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ZERO))
                .hasMessage("connectTimeout: PT0S (expected: more than zero)");
        assertThatThrownBy(() -> builder.responseTimeout(Duration.ofSeconds(-1)))
                .hasMessage("responseTimeout: PT-1S (expected: zero for no limit, or more)");
        assertThatThrownBy(() -> Service.named("api").build())
                .hasMessage("service api: nothing answers (set a target or a handler)");
        assertThatThrownBy(() -> Buffering.requests().memoryBytes(-1))
                .hasMessage("memoryBytes: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> Buffering.requests().memoryBytes(1).memoryBytes(2))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Buffering.requests().maxResponseBodyBytes(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("maxResponseBodyBytes: responses are not buffered (begin with responses()");
        assertThatThrownBy(() -> Buffering.responses().maxRequestBodyBytes(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("maxRequestBodyBytes: requests are not buffered (begin with requests()");
        assertThatThrownBy(() -> builder.totalTimeout(Duration.ofSeconds(-1)))
                .hasMessage("totalTimeout: PT-1S (expected: zero for no limit, or more)");
        assertThatThrownBy(() -> builder.minRequestRate(-1)).hasMessage("minRequestRate: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> Router.builder().originThreads(0))
                .hasMessage("originThreads: 0 (expected: 1 or more)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "a/b", "\u00e9"})
    void aNameThatWouldNotReadWellInALogIsRefused(String name) {
        assertThatThrownBy(() -> Service.named(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
