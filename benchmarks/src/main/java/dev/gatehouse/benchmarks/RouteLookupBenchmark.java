package dev.gatehouse.benchmarks;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.Stage;
import dev.gatehouse.routing.internal.table.Route;
import dev.gatehouse.routing.internal.table.RouteTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the router does to find the service of a request: it reads the authority and the request target as the client has
 * sent them, and finds the route among those of many hosts. Every tenth host has ten path prefixes, every fiftieth is a
 * wildcard. The requests come in random order; 5 % are for hosts that no service has, 10 % name a port, a quarter has a query.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
public class RouteLookupBenchmark {

    private static final String[] SEGMENTS = {"api", "v2", "users", "4711", "assets", "app.css", "search"};

    /** How many hosts have a service. */
    @Param({"10", "1000", "100000"})
    public int hosts;

    /** How many different requests there are; a power of two. */
    @Param({"1024", "16384"})
    public int asked;

    private RouteTable table = RouteTable.of(Map.of(), false);
    private String[] authorities = {};
    private String[] targets = {};
    private int next;

    /** Fills the table. */
    @Setup
    public void fill() {
        Map<Service, Stage> services = new LinkedHashMap<>();
        for (int i = 0; i < hosts; i++) {
            Service.Builder service =
                    Service.named("service-" + i).host(pattern(i)).handler(exchange -> {});
            if (i % 10 == 0) {
                for (int prefix = 0; prefix < 10; prefix++) {
                    service.pathPrefix(prefix == 0 ? "/" : "/" + SEGMENTS[prefix % 7] + (prefix < 7 ? "" : "/v2"));
                }
            }
            services.put(service.build(), exchange -> {});
        }
        table = RouteTable.of(services, false);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        authorities = new String[asked];
        targets = new String[asked];
        for (int i = 0; i < asked; i++) {
            authorities[i] = authority(random, i);
            targets[i] = target(random);
        }
    }

    private static String pattern(int number) {
        return number % 50 == 49 ? "*.zone-" + number + ".example.net" : "tenant-" + number + ".example.com";
    }

    private String authority(RandomGenerator random, int question) {
        String host = random.nextInt(20) == 0
                ? "stranger-" + question + ".example.com"
                : pattern(random.nextInt(hosts)).replace("*", "app-" + question);
        return random.nextInt(10) == 0 ? host + ":8443" : host;
    }

    private static String target(RandomGenerator random) {
        StringBuilder target = new StringBuilder();
        for (int segments = 1 + random.nextInt(5); segments > 0; segments--) {
            target.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return random.nextInt(4) == 0 ? target + "?page=2&sort=name" : target.toString();
    }

    /** {@return the route of a request} */
    @Benchmark
    public @Nullable Route find() {
        int request = next++ & asked - 1;
        return table.find(authorities[request], targets[request]);
    }

    /** {@return whether a request is refused, because its path could be read as one of another route} */
    @Benchmark
    public boolean findAndCheck() {
        int request = next++ & asked - 1;
        Route route = table.find(authorities[request], targets[request]);
        return route != null && table.crossesBoundary(authorities[request], targets[request], route);
    }

    /**
     * {@return a letter of the question}
     *
     * <p>What it takes to get hold of the question: that of a request has just been read and is at hand, while here it comes
     * from wherever the caches have left it.
     */
    @Benchmark
    public int questionAlone() {
        int request = next++ & asked - 1;
        return authorities[request].charAt(0) + targets[request].charAt(0);
    }
}
