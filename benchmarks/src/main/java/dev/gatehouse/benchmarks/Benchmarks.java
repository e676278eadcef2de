package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the benchmarks and prints one table as Markdown. Options, each with a value:
 *
 * <ul>
 *   <li>{@code --only} some of {@code memory,loading,handshakes,acme-server,storage,on-demand,waiting,many-names,latency,lookup},
 *       separated by commas; all if it is missing
 *   <li>{@code --credentials} how many there are in the memory, loading, storage and many-names benchmarks; 100000
 *   <li>{@code --rounds} how many rounds of 100 handshakes are measured; 31
 *   <li>{@code --folder} where the files are kept for the next run; {@code gatehouse-benchmarks} among the temporary
 *       files
 * </ul>
 */
public final class Benchmarks {

    private static final List<String> PARTS = List.of(
            "memory",
            "loading",
            "handshakes",
            "acme-server",
            "storage",
            "on-demand",
            "waiting",
            "many-names",
            "latency",
            "lookup");
    private static final List<String> OPTIONS = List.of("--only", "--credentials", "--folder", "--rounds");

    private final Map<String, String> options;

    private Benchmarks(Map<String, String> options) {
        this.options = options;
    }

    /**
     * Runs the benchmarks.
     *
     * @param args the options
     * @throws IOException if the folder cannot be written or read
     */
    public static void main(String[] args) throws IOException {
        answerAtOnce();
        List<Result> results = new Benchmarks(parse(args)).run();
        System.out.println();
        System.out.println("JDK " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                + "), "
                + Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
        System.out.println();
        System.out.print(Result.table(results));
        System.exit(0);
    }

    /**
     * Until JDK 20 the JDK's web server, which is port 80 here, sends header and content apart, and without this waits 40 ms
     * between them. It reads the property when the first server is made.
     */
    private static void answerAtOnce() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static Map<String, String> parse(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!OPTIONS.contains(args[i]) || i + 1 == args.length) {
                System.err.println("Unknown option or missing value: " + args[i] + ". Options: " + OPTIONS);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    private List<Result> run() throws IOException {
        int credentials = Integer.parseInt(options.getOrDefault("--credentials", "100000"));
        List<Result> results = new ArrayList<>();
        for (String part : PARTS) {
            if (!List.of(options.getOrDefault("--only", String.join(",", PARTS)).split(","))
                    .contains(part)) {
                continue;
            }
            System.err.println("Measuring: " + part);
            results.addAll(
                    switch (part) {
                        case "memory" -> CredentialMemory.measure(credentials);
                        case "loading" -> CredentialLoading.measure(folder(), credentials);
                        case "handshakes" ->
                            HandshakeCost.measure(Integer.parseInt(options.getOrDefault("--rounds", "31")));
                        case "acme-server" -> AcmeServerCost.measure();
                        case "latency" -> MemoryLatency.measure();
                        case "on-demand" -> onDemand();
                        case "waiting" -> WaitingHandshakes.measure();
                        case "many-names" -> ManyNames.measure(folder(), credentials);
                        case "storage" -> StorageCost.measure(folder(), credentials);
                        default -> JmhRuns.measure();
                    });
        }
        return results;
    }

    private List<Result> onDemand() throws IOException {
        Path folder = Files.createTempDirectory(folder(), "on-demand-");
        try {
            List<Result> results = new ArrayList<>(OnDemandIssuance.measure(folder));
            results.addAll(OnDemandStampede.measure(folder));
            return results;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) contents.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    private Path folder() throws IOException {
        String given = options.get("--folder");
        return Files.createDirectories(
                given == null ? Path.of(System.getProperty("java.io.tmpdir"), "gatehouse-benchmarks") : Path.of(given));
    }
}
