package dev.gatehouse.undertow;

import dev.gatehouse.testing.tools.SystemTool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The client of OpenSSL, as another implementation of TLS to test with. */
final class OpenSsl {

    private static final long TIMEOUT_SECONDS = 30;

    private OpenSsl() {}

    /** Connects to this machine, sends one request, and returns all that the client says about it. */
    static String request(int port, String host, String... options) throws IOException, InterruptedException {
        return run(port, host, List.of("-servername", host), List.of(options));
    }

    /** The same without a server name. */
    static String requestWithoutName(int port, String host, String... options)
            throws IOException, InterruptedException {
        return run(port, host, List.of("-noservername"), List.of(options));
    }

    private static String run(int port, String host, List<String> name, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(SystemTool.find("openssl"), "s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
        command.addAll(name);
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            in.flush();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException refusedBeforeTheRequest) {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } finally {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
