package dev.gatehouse.benchmarks;

import dev.gatehouse.testing.KeyAlgorithm;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.ServerName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
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
 * Looking a name up among few and many, and choosing among the credentials that it leads to. The names are asked for in
 * random order. Of 1,024 different ones the processor's caches keep most of what is needed, as of the busy names of a server;
 * of 16,384 they keep little, neither of the index nor of the questions.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class CertificateIndexBenchmark {

    private static final int NAMES_PER_CREDENTIAL = 100;

    /** How many names there are. */
    @Param({"10", "10000", "1000000"})
    public int names;

    /** How many different ones are asked for; a power of two. */
    @Param({"1024", "16384"})
    public int asked;

    private final CertificateIndex index = CertificateIndex.create();
    private ClientHello[] exact = {};
    private ClientHello[] wildcard = {};
    private ClientHello[] unknown = {};
    private final ClientHello ecOrRsa = verifying("SHA256withECDSA", "RSASSA-PSS", "SHA256withRSA");
    private final ClientHello rsaOnly = verifying("RSASSA-PSS", "SHA256withRSA");
    private int next;

    /** Fills the index. */
    @Setup
    public void fill() {
        BulkAuthority authority = BulkAuthority.create();
        for (int i = 0; i < names; i += NAMES_PER_CREDENTIAL) {
            String[] some = new String[Math.min(NAMES_PER_CREDENTIAL, names - i)];
            for (int j = 0; j < some.length; j++) {
                some[j] = exactName(i + j);
            }
            index.add(authority.issue(some).credential());
        }
        for (int i = 0; i < Math.max(1, names / NAMES_PER_CREDENTIAL); i++) {
            index.add(authority.issue("*.zone-" + i + ".example.net").credential());
        }
        index.add(TestCa.create().issue("both.example.com"));
        index.add(TestCa.builder().keyAlgorithm(KeyAlgorithm.RSA_2048).build().issue("both.example.com"));
        askInRandomOrder();
    }

    private void askInRandomOrder() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        exact = new ClientHello[asked];
        wildcard = new ClientHello[asked];
        unknown = new ClientHello[asked];
        for (int i = 0; i < asked; i++) {
            int zone = random.nextInt(Math.max(1, names / NAMES_PER_CREDENTIAL));
            exact[i] = ClientHello.of(ServerName.of(exactName(random.nextInt(names))));
            wildcard[i] = ClientHello.of(ServerName.of("host-" + i + ".zone-" + zone + ".example.net"));
            unknown[i] = ClientHello.of(ServerName.of("stranger-" + i + ".test"));
        }
    }

    private static String exactName(int number) {
        return "name-" + number + ".example.com";
    }

    private static ClientHello verifying(String... algorithms) {
        return ClientHello.builder()
                .serverName(ServerName.of("both.example.com"))
                .signatureAlgorithms(List.of(algorithms))
                .build();
    }

    /** {@return a credential by its exact name} */
    @Benchmark
    public Optional<Credential> exactName() {
        return index.select(exact[next++ & asked - 1]);
    }

    /**
     * {@return a letter of a name}
     *
     * <p>What it takes to get hold of the question: the name of a handshake has just been read and is at hand, while here it
     * comes from wherever the caches have left it.
     */
    @Benchmark
    public char questionAlone() {
        String name = exact[next++ & asked - 1].serverName().orElseThrow().value();
        return name.charAt(name.length() - 1);
    }

    /** {@return a credential by its wildcard name} */
    @Benchmark
    public Optional<Credential> wildcardName() {
        return index.select(wildcard[next++ & asked - 1]);
    }

    /** {@return nothing} */
    @Benchmark
    public Optional<Credential> unknownName() {
        return index.select(unknown[next++ & asked - 1]);
    }

    /** {@return the EC credential of a name that has an RSA one, too} */
    @Benchmark
    public Optional<Credential> ecAndRsaForAClientThatVerifiesBoth() {
        return index.select(ecOrRsa);
    }

    /** {@return the RSA credential of a name that has an EC one, too} */
    @Benchmark
    public Optional<Credential> ecAndRsaForAClientThatVerifiesRsa() {
        return index.select(rsaOnly);
    }
}
