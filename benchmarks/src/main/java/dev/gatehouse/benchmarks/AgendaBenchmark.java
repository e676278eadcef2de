package dev.gatehouse.benchmarks;

import dev.gatehouse.acme.internal.work.Agenda;
import dev.gatehouse.tls.SubjectName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
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

/** What it costs to move the next action of one name among many: grows with the logarithm of their number. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AgendaBenchmark {

    /** How many names are on the agenda. */
    @Param({"1000", "100000", "1000000"})
    public int names;

    private final Instant now = Instant.now();
    private final SplittableRandom random = new SplittableRandom(1);
    private SubjectName[] all = {};
    private Agenda<SubjectName> agenda = empty(1);

    /** Enters all names. */
    @Setup
    public void enter() {
        all = new SubjectName[names];
        agenda = empty(names);
        for (int i = 0; i < names; i++) {
            all[i] = SubjectName.of(CredentialMemory.name(i));
            agenda.put(all[i], some());
        }
    }

    private static Agenda<SubjectName> empty(int names) {
        return new Agenda<>(InstantSource.fixed(Instant.now()), (delay, call) -> () -> {}, names, 1, name -> {});
    }

    /**
     * Moves one.
     *
     * @return who was left out, nobody
     */
    @Benchmark
    public Optional<SubjectName> moveOneName() {
        return agenda.put(all[random.nextInt(names)], some());
    }

    private Instant some() {
        return now.plusSeconds(1 + random.nextInt(5_000_000));
    }
}
