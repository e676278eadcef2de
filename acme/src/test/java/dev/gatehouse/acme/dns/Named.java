package dev.gatehouse.acme.dns;

import dev.gatehouse.testing.tools.SystemTool;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A BIND 9 on the loopback interface, with the zone {@code example.test} and {@code sub.example.test}. */
final class Named implements AutoCloseable {

    static final String SECRET_256 = "c2l4dGVlbiBvciBtb3JlIGJ5dGVzIG9mIHNlY3JldCE=";
    static final String SECRET_512 = "YW5vdGhlciBzZWNyZXQgb2Ygc2l4dGVlbiBvciBtb3JlIGJ5dGVz";

    private static final Duration START = Duration.ofSeconds(20);

    private final Process process;
    private final InetSocketAddress address;

    private Named(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a server that takes updates by the keys {@code sha256.} and {@code sha512.}, but not by {@code other.}. */
    static Named primary(Path folder, int port) throws Exception {
        for (String zone : new String[] {"example.test", "sub.example.test"}) {
            Files.writeString(folder.resolve(zone), """
                    $TTL 60
                    @ SOA ns1.example.test. hostmaster.example.test. 1 1 1 3600 1
                      NS ns1.example.test.
                      NS ns2.example.test.
                    %s""".formatted(zone.startsWith("sub") ? "" : """
                    ns1 A 127.0.0.1
                    ns2 A 127.0.0.2
                    sub NS ns1
                    """));
        }
        return start(folder, port, """
                key "sha256" { algorithm hmac-sha256; secret "%s"; };
                key "sha512" { algorithm hmac-sha512; secret "%s"; };
                key "other" { algorithm hmac-sha256; secret "%s"; };
                zone "example.test" {
                  type primary; file "example.test";
                  update-policy { grant sha256 zonesub TXT; grant sha512 zonesub TXT; };
                };
                zone "sub.example.test" { type primary; file "sub.example.test"; allow-update { key sha256; }; };
                """.formatted(SECRET_256, SECRET_512, SECRET_256));
    }

    /** Starts a server that asks the primary for changes once a second. */
    static Named secondary(Path folder, int port, int primaryPort) throws Exception {
        return start(folder, port, """
                zone "example.test" {
                  type secondary; file "example.test"; primaries { 127.0.0.1 port %d; };
                  min-refresh-time 1; max-refresh-time 1; min-retry-time 1; max-retry-time 1;
                };
                """.formatted(primaryPort));
    }

    private static Named start(Path folder, int port, String zones) throws Exception {
        Path config = Files.writeString(folder.resolve("named.conf"), """
                options {
                  directory "%1$s"; pid-file none; session-keyfile "%1$s/session.key";
                  managed-keys-directory "%1$s"; dnssec-validation no; recursion no; notify no;
                  listen-on port %2$d { 127.0.0.1; }; listen-on-v6 { none; };
                };
                controls { };
                %3$s""".formatted(folder, port, zones));
        Path log = folder.resolve("named.log");
        Process process = new ProcessBuilder(SystemTool.find("named"), "-g", "-n", "1", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Named named = new Named(process, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        Instant deadline = Instant.now().plus(START);
        while (!Files.readString(log).contains(" running\n")) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || Instant.now().isAfter(deadline)) {
                named.close();
                throw new IOException("BIND did not start: " + Files.readString(log));
            }
        }
        return named;
    }

    /** A port that is free at both addresses, by UDP and TCP, below those that the system gives to outgoing connections. */
    static int freePort() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = 20_000 + random.nextInt(12_000);
            if (isFree("127.0.0.1", port) && isFree("127.0.0.2", port)) {
                return port;
            }
        }
        throw new IOException("No free port between 20000 and 32000.");
    }

    private static boolean isFree(String address, int port) throws IOException {
        InetAddress host = InetAddress.getByName(address);
        try (ServerSocket tcp = new ServerSocket(port, 1, host);
                DatagramSocket udp = new DatagramSocket(port, host)) {
            return tcp.isBound() && udp.isBound();
        } catch (BindException taken) {
            return false;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
