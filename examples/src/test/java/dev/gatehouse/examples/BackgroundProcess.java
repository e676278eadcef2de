package dev.gatehouse.examples;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process whose output goes to a file, where a test can look for what it waits for. */
final class BackgroundProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path output;

    private BackgroundProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static BackgroundProcess start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = Files.createTempFile(folder, "output-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new BackgroundProcess(builder.start(), output);
    }

    /** Waits for a line, and returns the match. */
    Matcher awaitLine(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        await("output of " + process.info().command().orElse("the process") + " with '" + pattern + "'")
                .atMost(PATIENCE)
                .failFast(() -> requireAliveUnless(matches(wanted)))
                .until(() -> matches(wanted));
        Matcher matcher = wanted.matcher(output());
        matcher.find();
        return matcher;
    }

    private void requireAliveUnless(boolean finished) {
        if (!finished && !process.isAlive()) {
            throw new IllegalStateException("It has ended: " + output());
        }
    }

    private boolean matches(Pattern wanted) {
        return wanted.matcher(output()).find();
    }

    /** How often a text occurs in the output. */
    int count(String text) {
        return output().split(Pattern.quote(text), -1).length - 1;
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + output());
        }
        return process.exitValue();
    }

    /** Asks it to end, as a service manager does, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
