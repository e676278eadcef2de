package dev.gatehouse.compatibility;

import dev.gatehouse.testing.tools.SystemTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The client of OpenSSL, which keeps a session in a file and offers it again, under another name if it is told so. */
final class OpenSslClient {

    private static final long TIMEOUT_SECONDS = 10;
    private static final int KILLED = 128 + 9;

    /** At the end of a line: openssl writes it past the buffer in which the line before it may still be. */
    private static final String GREETING = String.valueOf((char) TlsServer.GREETING);

    /** How a handshake ended. */
    enum Outcome {
        NEW,
        REUSED,
        REFUSED
    }

    private final String program = SystemTool.find("openssl");
    private final int port;
    private final String version;
    private final Path session;

    /**
     * @param jsseVersion such as {@code TLSv1.3}
     * @param session the file of the session
     */
    OpenSslClient(int port, String jsseVersion, Path session) {
        this.port = port;
        this.version = jsseVersion.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2";
        this.session = session;
    }

    /** Offers the session that it has, if it has one, and keeps the new one. */
    Outcome handshake(String serverName, String... furtherOptions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, "s_client", version));
        command.addAll(List.of("-connect", "127.0.0.1:" + port, "-servername", serverName));
        command.addAll(List.of("-sess_out", session.toString()));
        if (Files.exists(session)) {
            command.addAll(List.of("-sess_in", session.toString()));
        }
        command.addAll(List.of(furtherOptions));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        try {
            return outcome(process);
        } finally {
            deadline.cancel(false);
            process.destroyForcibly();
        }
    }

    private static Outcome outcome(Process process) throws IOException, InterruptedException {
        Outcome outcome = Outcome.REFUSED;
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("New, TLS")) {
                    outcome = Outcome.NEW;
                } else if (line.startsWith("Reused, TLS")) {
                    outcome = Outcome.REUSED;
                } else if (line.endsWith(GREETING)) {
                    process.outputWriter().close();
                }
            }
        }
        if (process.waitFor() == KILLED) {
            throw new IOException("openssl did not end within " + TIMEOUT_SECONDS + " s");
        }
        return outcome;
    }
}
