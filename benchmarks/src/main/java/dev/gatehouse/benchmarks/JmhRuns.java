package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the JMH benchmarks of this package, each in a JVM of its own, and reads time and allocation off their results. */
final class JmhRuns {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private JmhRuns() {}

    static List<Result> measure() {
        try {
            Collection<RunResult> runs = new Runner(new OptionsBuilder()
                            .include("dev\\.gatehouse\\.benchmarks\\..*Benchmark.*")
                            .addProfiler(GCProfiler.class)
                            .build())
                    .run();
            List<Result> results = new ArrayList<>();
            for (RunResult run : runs) {
                results.add(result(run));
            }
            return results;
        } catch (RunnerException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Result result(RunResult run) {
        var allocated = run.getSecondaryResults().get(ALLOCATED);
        return Result.of(
                name(run.getParams()),
                target(run.getParams().getBenchmark()),
                "%.0f %s ± %.0f%s",
                run.getPrimaryResult().getScore(),
                run.getPrimaryResult().getScoreUnit().replace("/op", ""),
                run.getPrimaryResult().getScoreError(),
                allocated == null ? "" : String.format(", %.0f B", allocated.getScore()));
    }

    private static String target(String benchmark) {
        if (benchmark.contains("Agenda")) {
            return "-";
        }
        if (benchmark.contains("RouteLookup")) {
            return benchmark.endsWith(".find") ? "< 150 ns, 0 B" : "-";
        }
        return benchmark.contains("CertificateIndex") ? "< 300 ns, <= 64 B" : "< 1000 ns";
    }

    private static String name(BenchmarkParams params) {
        String method = params.getBenchmark().replaceFirst("^dev\\.gatehouse\\.benchmarks\\.", "");
        String parameters = params.getParamsKeys().stream()
                .map(key -> key + " " + params.getParam(key))
                .collect(Collectors.joining(", "));
        return "`" + method + "`" + (parameters.isEmpty() ? "" : ", " + parameters);
    }
}
