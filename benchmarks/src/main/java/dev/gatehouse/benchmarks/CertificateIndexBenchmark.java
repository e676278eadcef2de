package dev.gatehouse.benchmarks;

import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

/** Looking a name up among few and many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CertificateIndexBenchmark {

    private static final int NAMES_PER_CREDENTIAL = 100;

    /** How many names there are. */
    @Param({"10", "10000"})
    public int names;

    private final CertificateIndex index = CertificateIndex.create();
    private final ClientHello exact = ClientHello.of(ServerName.of("name-7.example.com"));
    private final ClientHello wildcard = ClientHello.of(ServerName.of("anything.wild.example.com"));
    private final ClientHello unknown = ClientHello.of(ServerName.of("stranger.test"));

    /** Fills the index. */
    @Setup
    public void fill() {
        TestCa ca = TestCa.create();
        for (int i = 0; i < names; i += NAMES_PER_CREDENTIAL) {
            String[] some = new String[Math.min(NAMES_PER_CREDENTIAL, names - i)];
            for (int j = 0; j < some.length; j++) {
                some[j] = "name-" + (i + j) + ".example.com";
            }
            index.add(ca.issue(some));
        }
        index.add(ca.issue("*.wild.example.com"));
    }

    /** {@return a credential by its exact name} */
    @Benchmark
    public Optional<Credential> exactName() {
        return index.select(exact);
    }

    /** {@return a credential by its wildcard name} */
    @Benchmark
    public Optional<Credential> wildcardName() {
        return index.select(wildcard);
    }

    /** {@return nothing} */
    @Benchmark
    public Optional<Credential> unknownName() {
        return index.select(unknown);
    }
}
