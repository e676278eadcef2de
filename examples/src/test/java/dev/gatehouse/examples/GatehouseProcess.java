package dev.gatehouse.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** The proxy in a JVM of its own. */
final class GatehouseProcess implements AutoCloseable {

    private static final String LISTENING = "gatehouse: listening on \\S+:(\\d+) for HTTP and \\S+:(\\d+) for HTTPS";

    private final BackgroundProcess process;
    private final int httpPort;
    private final int httpsPort;

    private GatehouseProcess(BackgroundProcess process, int httpPort, int httpsPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
    }

    /** Starts {@code gatehouse run} on loopback, and waits until it listens. */
    static GatehouseProcess run(Path folder, List<String> jvmOptions, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--bind", "127.0.0.1", "--https-port", "0"));
        arguments.addAll(options);
        BackgroundProcess process = command(folder, jvmOptions, arguments);
        try {
            Matcher ports = process.awaitLine(LISTENING);
            return new GatehouseProcess(process, Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
        } catch (RuntimeException notListening) {
            process.close();
            throw notListening;
        }
    }

    /** Starts any command. */
    static BackgroundProcess command(Path folder, List<String> jvmOptions, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath(), "dev.gatehouse.examples.proxy.Gatehouse"));
        command.addAll(arguments);
        return BackgroundProcess.start(folder, Map.of(), command);
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    int httpPort() {
        return httpPort;
    }

    int httpsPort() {
        return httpsPort;
    }

    String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
