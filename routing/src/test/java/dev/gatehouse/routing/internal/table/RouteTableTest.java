package dev.gatehouse.routing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.Stage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    private static Service service(String name, List<String> hosts, List<String> prefixes) {
        Service.Builder builder = Service.named(name).handler(exchange -> {});
        hosts.forEach(builder::host);
        prefixes.forEach(builder::pathPrefix);
        return builder.build();
    }

    private static RouteTable table(boolean pathMissFallsThrough, Service... services) {
        Map<Service, Stage> stages = new LinkedHashMap<>();
        for (Service service : services) {
            stages.put(service, exchange -> {});
        }
        return RouteTable.of(stages, pathMissFallsThrough);
    }

    private static String found(RouteTable table, String host, String target) {
        Route route = table.find(host, target);
        return route == null ? "none" : route.service().name();
    }

    private static final RouteTable SITE = table(
            false,
            service("exact", List.of("app.example.com"), List.of()),
            service("wild", List.of("*.example.com"), List.of()),
            service("all", List.of(), List.of()));

    @ParameterizedTest
    @CsvSource({
        "app.example.com, exact",
        "other.example.com, wild",
        "a.b.example.com, all",
        "example.com, all",
        "other.test, all",
        "127.0.0.1, all",
        "[::1], all",
        "app.example.com:8443, exact",
        "App.Example.COM, exact",
        "app.example.com., exact",
        "Other.Example.com.:80, wild",
        "localhost:3000, all",
        "[0::1]:3000, all"
    })
    void theMostSpecificHostWins(String host, String expected) {
        assertThat(found(SITE, host, "/")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "app.example.com:x",
                "app.example.com:65536",
                "a b.example.com",
                "a..example.com",
                "::1"
            })
    void anAuthorityWithoutAHostHasNoRoute(String malformed) {
        assertThat(found(SITE, malformed, "/")).isEqualTo("none");
    }

    private static final RouteTable PATHS = table(
            false,
            service("root", List.of(), List.of("/")),
            service("api", List.of(), List.of("/api")),
            service("special", List.of(), List.of("/api/special", "/api-docs")));

    @ParameterizedTest
    @CsvSource({
        "/, root",
        "/api, api",
        "/api/, api",
        "/api?x, api",
        "/api/x, api",
        "/apiary, root",
        "/api-x, root",
        "/API, root",
        "/api/special, special",
        "/api/special/x, special",
        "/api/specialist, api",
        "/api-docs/x, special",
        "/x/api, root",
        "/x?/api, root"
    })
    void pathPrefixesMatchOnlyOnSegmentBoundariesLongestFirst(String target, String expected) {
        assertThat(found(PATHS, "any.test", target)).isEqualTo(expected);
    }

    @Test
    void aPathMissUnderAnExactHostIsFinalUnlessConfiguredOtherwise() {
        Service exact = service("exact", List.of("app.example.com"), List.of("/app"));
        Service wild = service("wild", List.of("*.example.com"), List.of("/wild"));
        Service all = service("all", List.of(), List.of());

        RouteTable exclusive = table(false, exact, wild, all);
        assertThat(found(exclusive, "app.example.com", "/wild")).isEqualTo("none");
        assertThat(found(exclusive, "b.example.com", "/x")).isEqualTo("none");

        RouteTable falling = table(true, exact, wild, all);
        assertThat(found(falling, "app.example.com", "/app/x")).isEqualTo("exact");
        assertThat(found(falling, "app.example.com", "/wild/x")).isEqualTo("wild");
        assertThat(found(falling, "app.example.com", "/x")).isEqualTo("all");
    }

    @Test
    void percentEncodingIsComparedWithoutRegardToTheCaseOfItsDigits() {
        RouteTable table = table(false, service("cafe", List.of(), List.of("/caf%c3%a9")));

        assertThat(found(table, "any.test", "/caf%C3%A9/x")).isEqualTo("cafe");
        assertThat(found(table, "any.test", "/caf%c3%a9")).isEqualTo("cafe");
        assertThat(found(table, "any.test", "/caf%C3%A8")).isEqualTo("none");
    }

    private static boolean crosses(RouteTable table, String target) {
        Route route = table.find("any.test", target);
        return route != null && table.crossesBoundary("any.test", target, route);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../api",
                "/x/%2e%2e/api",
                "/x/.%2E/api",
                "/./api",
                "//api",
                "/%61pi",
                "/api%2Fx",
                "/api%2fx",
                "/api\\x",
                "/api%5Cx",
                "/api;v=1/x",
                "/api%3Bv/x",
                "/x/..;/api",
                "/x%2F..%2Fapi",
                "/x\\..\\api",
                "/x%2Fy/../api",
                "/x%2fy%2F..%2f..%5Capi",
                "/..",
                "/../x",
                "/x/../..",
                "/api/..",
                "/api/../x",
                "/api/..%2Fx",
                "/api/%2e%2e/x",
                "/api/..;/x",
                "/api/..\\x",
                "/api/x/../../api/x",
                "/api/x%2F../../api",
                "/api//../x",
                "/api/./../x",
                "/api/.;/../x",
                "/api/special/../../x",
                "/api/special/../x",
                "/..?x",
                "/x/../api?x",
                "/api/..?/api/x"
            })
    void aPathThatAnyoneCouldReadAsAnotherRouteCrossesABoundary(String target) {
        assertThat(crosses(PATHS, target)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/x",
                "/x/",
                "/x//y",
                "/x/./y",
                "/x/../y",
                "/x%2Fy",
                "/a%5Cb",
                "/a\\b",
                "/x;v=1/y",
                "/%7Euser",
                "/%",
                "/%zz",
                "/x/...",
                "/.well-known/x",
                "/x/..y",
                "/api/x/../y",
                "/api/x%2Fy",
                "/api//x",
                "/api/.",
                "/api/%41",
                "/x?/../api",
                "/x?y=%2e%2e/api",
                "/x/.?/api",
                "/x/%2?e",
                "/apiary/../x",
                "/api/x/y/../../z",
                "/caf%C3%A9",
                "/api/;v",
                "/api/x;..;/y"
            })
    void aPathThatEveryoneReadsAsTheSameRouteIsLeftAlone(String target) {
        assertThat(crosses(PATHS, target)).isFalse();
    }

    @Test
    void longPathsWithSeveralReadingsAreRefusedUnread() {
        assertThat(crosses(PATHS, "/x//" + "y".repeat(8 * 1024))).isTrue();
        assertThat(crosses(PATHS, "/x/" + "y".repeat(8 * 1024))).isFalse();
    }

    @Test
    void twoPrefixesOfOneServiceAreNoBoundaryUnlessThePrefixIsStripped() {
        Service kept = service("kept", List.of(), List.of("/", "/a"));
        Service stripped = Service.named("stripped")
                .pathPrefix("/")
                .pathPrefix("/a")
                .stripPathPrefix(true)
                .handler(exchange -> {})
                .build();

        assertThat(crosses(table(false, kept), "/x/../a")).isFalse();
        assertThat(crosses(table(false, stripped), "/x/../a")).isTrue();
    }

    @Test
    void findsTheSameAsANaiveSearch() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Service> services = randomServices(random);
            boolean fallsThrough = random.nextBoolean();
            RouteTable table = table(fallsThrough, services.toArray(Service[]::new));
            for (int lookup = 0; lookup < 100; lookup++) {
                String host = randomHost(random);
                String path = randomPath(random);
                assertThat(found(table, host, path))
                        .as("seed %d: %s%s in %s, falls through %s", seed, host, path, services, fallsThrough)
                        .isEqualTo(naive(services, host, path, fallsThrough));
            }
        }
    }

    @Test
    void readsAnAuthorityAsHostNameDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Service> services = List.of(
                service("exact", List.of("a.b.test", "a-1.test", "b", "10.0.0.1", "[::1]"), List.of()),
                service("wild", List.of("*.test", "*.b.test", "*.b"), List.of()),
                service("all", List.of(), List.of()));
        RouteTable table = table(false, services.toArray(Service[]::new));
        for (int lookup = 0; lookup < 100_000; lookup++) {
            String authority = randomAuthority(random);
            String host = HostName.fromAuthority(authority);
            assertThat(found(table, authority, "/"))
                    .as("seed %d: %s", seed, authority)
                    .isEqualTo(host == null ? "none" : naive(services, host, "/", false));
        }
    }

    private static String randomAuthority(Random random) {
        String[] parts = {
            "a", "b", "test", "B", "Test", "a-1", "10", "0", "1", "x_y", "\u00fc", "[::1]", ".", ".", ".", ".", ":",
            ":80", "/", " "
        };
        StringBuilder authority = new StringBuilder();
        for (int i = 1 + random.nextInt(7); i > 0; i--) {
            authority.append(parts[random.nextInt(parts.length)]);
        }
        return authority.toString();
    }

    @Test
    void findsEveryOneOfManyHostsAndNoOther() {
        Service[] services = new Service[5_000];
        for (int i = 0; i < services.length; i++) {
            services[i] = service("s" + i, List.of("tenant-" + i + ".example.com", "*.zone-" + i + ".test"), List.of());
        }
        RouteTable table = table(false, services);
        for (int i = 0; i < services.length; i++) {
            assertThat(found(table, "tenant-" + i + ".example.com", "/")).isEqualTo("s" + i);
            assertThat(found(table, "app.ZONE-" + i + ".test:8443", "/")).isEqualTo("s" + i);
            assertThat(found(table, "stranger-" + i + ".example.com", "/")).isEqualTo("none");
            assertThat(found(table, "zone-" + i + ".test", "/")).isEqualTo("none");
        }
    }

    @Test
    void aLookupAllocatesNothing() {
        RouteTable table = table(
                false,
                service("exact", List.of("app.example.com"), List.of("/", "/api", "/api/v2", "/caf%C3%A9")),
                service("wild", List.of("*.example.com"), List.of("/", "/api")));
        String[] authorities = {"app.example.com", "App.Example.com:8443", "b.example.com", "stranger.test", "10.0.0.1"
        };
        String[] targets = {"/", "/api/v2/x?y=/../z", "/caf%C3%A9/x", "/other"};
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();

        lookUpAll(table, authorities, targets);
        long before = threads.getThreadAllocatedBytes(thread);
        long routes = 0;
        for (int i = 0; i < 100; i++) {
            routes += lookUpAll(table, authorities, targets);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(routes).isEqualTo(100 * 3 * targets.length);
        // Two thousand look-ups; the measurement itself takes a little.
        assertThat(allocated).isLessThan(4000);
    }

    private static int lookUpAll(RouteTable table, String[] authorities, String[] targets) {
        int routes = 0;
        for (String authority : authorities) {
            for (String target : targets) {
                Route route = table.find(authority, target);
                if (route != null && !table.crossesBoundary(authority, target, route)) {
                    routes++;
                }
            }
        }
        return routes;
    }

    private static final String[] HOSTS = {"a.test", "b.test", "a.b.test", "*.test", "*.b.test", "c"};
    private static final String[] SEGMENTS = {"a", "a-b", "ab", "a.b", "b", "A", "~", "a!"};

    private static List<Service> randomServices(Random random) {
        List<Service> services = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String host = random.nextInt(4) == 0 ? "" : HOSTS[random.nextInt(HOSTS.length)];
            String prefix = randomPath(random).replaceAll("/+$", "");
            if (!taken.contains(host + prefix)) {
                taken.add(host + prefix);
                services.add(service("s" + i, host.isEmpty() ? List.of() : List.of(host), List.of(prefix)));
            }
        }
        return services;
    }

    private static String randomHost(Random random) {
        return HOSTS[random.nextInt(HOSTS.length)].replace("*", SEGMENTS[random.nextInt(2)]);
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return path.isEmpty() || random.nextInt(5) == 0 ? path + "/" : path.toString();
    }

    private static String naive(List<Service> services, String host, String path, boolean fallsThrough) {
        List<@Nullable String> keys = new ArrayList<>();
        keys.add(host);
        keys.add("*" + (host.indexOf('.') < 0 ? "" : host.substring(host.indexOf('.'))));
        keys.add(null);
        for (String key : keys) {
            List<Service> ofHost = services.stream()
                    .filter(service -> key == null
                            ? service.hosts().isEmpty()
                            : service.hosts().contains(key))
                    .toList();
            var best = ofHost.stream()
                    .filter(service -> covers(service.pathPrefixes().get(0), path))
                    .max(Comparator.comparingInt(
                            service -> service.pathPrefixes().get(0).length()));
            if (best.isPresent()) {
                return best.get().name();
            }
            if (!ofHost.isEmpty() && !fallsThrough) {
                return "none";
            }
        }
        return "none";
    }

    private static boolean covers(String prefix, String path) {
        return prefix.equals("/") || (path + "/").startsWith(prefix + "/");
    }
}
