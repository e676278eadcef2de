package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.testing.AcmeTestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that issues and stores certificates is killed, again and again, and loses nothing. */
@Timeout(600)
class KilledNodeTest {

    private static final int KILLS = 20;
    private static final int NAMES_PER_LIFE = 3;

    /** Long enough for an order on a slow machine, so that some kills come before, some amid, and some after it. */
    private static final int LATEST_KILL_MILLIS = 600;

    @TempDir
    private Path folder;

    private final AcmeTestServer acme =
            AcmeTestServer.builder().retryAfter(Duration.ZERO).start();

    @Test
    void nothingValidIsLostNothingTornIsServedAndNoNameCostsMoreThanOneOrderMore() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, String> served = new HashMap<>();
        List<String> begun = new ArrayList<>();
        for (int life = 0; life <= KILLS; life++) {
            try (Node node = new Node()) {
                acme.useHttp01Port(node.port());
                begun.forEach(node::ask);
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(node.served())
                                .as("seed %d", seed)
                                .containsKeys(begun.toArray(String[]::new)));
                assertThat(node.served()).as("seed %d, life %d", seed, life).containsAllEntriesOf(served);
                if (life == KILLS) {
                    served.putAll(node.served());
                    node.assertUndamaged();
                    break;
                }
                for (int i = 0; i < NAMES_PER_LIFE; i++) {
                    String name = "tenant-" + life + "-" + i + ".example.com";
                    begun.add(name);
                    node.ask(name);
                }
                // The moment of the kill is what is tested; nothing is waited for.
                CompletableFuture<Void> moment = new CompletableFuture<>();
                moment.completeOnTimeout(null, random.nextInt(LATEST_KILL_MILLIS), TimeUnit.MILLISECONDS)
                        .join();
                node.kill();
                served.putAll(node.served());
                node.assertUndamaged();
            }
        }

        assertThat(served).hasSize(KILLS * NAMES_PER_LIFE);
        for (String name : begun) {
            assertThat(acme.orders(name))
                    .as("seed %d, orders for %s", seed, name)
                    .hasSizeLessThanOrEqualTo(2);
        }
        acme.close();
    }

    /** One life of the process. */
    private final class Node implements AutoCloseable {

        private final Process process;
        private final PrintStream input;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> read;

        Node() throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.net.preferIPv4Stack=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledNode.class.getName(),
                            folder.toString(),
                            acme.directoryUri().toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            read = CompletableFuture.runAsync(this::read, work -> new Thread(work, "killed-node-output").start());
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                }
            } catch (IOException killed) {
                lines.add("ended");
            }
        }

        int port() {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> lines.stream().anyMatch(line -> line.startsWith("port ")));
            return Integer.parseInt(lines.get(0).substring("port ".length()));
        }

        void ask(String name) {
            input.println(name);
        }

        Map<String, String> served() {
            Map<String, String> served = new HashMap<>();
            for (String line : lines) {
                String[] words = line.split(" ");
                if (words[0].equals("served") && words.length == 3) {
                    served.put(words[1], words[2]);
                }
            }
            return served;
        }

        void assertUndamaged() {
            assertThat(lines).noneMatch(line -> line.startsWith("damaged"));
        }

        /** SIGKILL, and then what it has written so far is read to its end. */
        void kill() {
            process.destroyForcibly().onExit().join();
            read.join();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
