package dev.gatehouse.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testing.tools.SystemTool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code openssl s_client}: another TLS implementation than the server's. */
final class OpenSslClient {

    private static final int TIMEOUT_SECONDS = 20;

    private final String program = SystemTool.find("openssl");
    private final int port;

    OpenSslClient(int port) {
        this.port = port;
    }

    /** Makes a handshake, sends one request, and returns all that the program says until the server closes. */
    String visit(String serverName, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(program, "s_client", "-connect", "127.0.0.1:" + port, "-servername", serverName, "-ign_eof"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            sendRequest(process, serverName);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void sendRequest(Process process, String host) throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        try (OutputStream input = process.getOutputStream()) {
            input.write(request.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException refusedAlready) {
            assertThat(refusedAlready).hasMessageContaining("pipe");
        }
    }
}
