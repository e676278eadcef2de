package dev.gatehouse.benchmarks;

import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.FileStorage;
import dev.gatehouse.acme.OnDemand;
import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.NoCertificateException;
import dev.gatehouse.tls.ServerName;
import dev.gatehouse.tls.ServerTls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * A thousand new names arrive within a second, as after a campaign, at an authority that takes 50 ms for each. Meanwhile a
 * name that has its certificate is visited every 10 ms by whole handshakes.
 */
final class OnDemandStampede {

    private static final int NEW_NAMES = 1_000;
    private static final int VISITS = 400;
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(10);
    private static final Duration AUTHORITY = Duration.ofMillis(50);
    private static final String WARM = "warm.customers.example";

    private final CertificateManager manager;
    private final SSLContext server;
    private final SSLContext client = Clients.trustingAll();

    private OnDemandStampede(CertificateManager manager) {
        this.manager = manager;
        this.server = ServerTls.using(manager).sslContext();
    }

    static List<Result> measure(Path folder) throws IOException {
        try (CertificateManager manager = CertificateManager.builder()
                .storage(FileStorage.at(folder.resolve("stampede-" + System.nanoTime())))
                .issuer(new InstantIssuer(AUTHORITY))
                .onDemand(OnDemand.permittedBy(name -> true)
                        .burst(1_000_000, Duration.ofSeconds(1))
                        .unlimitedPerRegistrableDomain()
                        .unlimitedNewNamesPerRegistrableDomain()
                        .withoutPreflight())
                .build()) {
            return new OnDemandStampede(manager).measure();
        }
    }

    private List<Result> measure() throws IOException {
        for (int i = 0; i < 5; i++) {
            visits();
        }
        arrive("warm-up").forEach(OnDemandStampede::outcome);
        double idle = percentile99(visits());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        threads.resetPeakThreadCount();
        long start = System.nanoTime();
        CompletableFuture<List<CompletableFuture<Optional<Credential>>>> arriving =
                CompletableFuture.supplyAsync(() -> arrive("new"));
        double busy = percentile99(visits());
        List<CompletableFuture<Optional<Credential>>> handshakes = arriving.join();
        int served = 0;
        int refused = 0;
        for (CompletableFuture<Optional<Credential>> handshake : handshakes) {
            if (outcome(handshake)) {
                served++;
            } else {
                refused++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return List.of(
                Result.of(
                        "On demand, " + NEW_NAMES + " new names within a second, the authority taking "
                                + AUTHORITY.toMillis() + " ms for each: served, refused with a reason, until the last",
                        "all, within 25 s",
                        "%d, %d, %.1f s",
                        served,
                        refused,
                        seconds),
                Result.of(
                        "On demand, meanwhile: 99th percentile of whole handshakes for a name that has its certificate,"
                                + " idle and then",
                        "< 3 times idle",
                        "%.1f ms, %.1f ms",
                        idle,
                        busy),
                Result.of(
                        "On demand, meanwhile: most platform threads in the process",
                        "<= 200",
                        "%d",
                        threads.getPeakThreadCount()));
    }

    /** Evenly over a second. */
    private List<CompletableFuture<Optional<Credential>>> arrive(String prefix) {
        List<CompletableFuture<Optional<Credential>>> handshakes = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < NEW_NAMES; i++) {
            pauseUntil(start + i * TimeUnit.SECONDS.toNanos(1) / NEW_NAMES);
            ServerName name = ServerName.of(prefix + "-" + i + ".customers.example");
            handshakes.add(manager.resolve(ClientHello.of(name)).toCompletableFuture());
        }
        return handshakes;
    }

    private static boolean outcome(CompletableFuture<Optional<Credential>> handshake) {
        try {
            return handshake.orTimeout(60, TimeUnit.SECONDS).join().isPresent();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof NoCertificateException) {
                return false;
            }
            throw failure;
        }
    }

    private double[] visits() throws IOException {
        double[] millis = new double[VISITS];
        long start = System.nanoTime();
        for (int i = 0; i < VISITS; i++) {
            pauseUntil(start + i * BETWEEN_VISITS.toNanos());
            long begun = System.nanoTime();
            EngineHandshake.run(server, client, WARM, "TLSv1.3");
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        return millis;
    }

    private static void pauseUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static double percentile99(double[] millis) {
        Arrays.sort(millis);
        return millis[millis.length * 99 / 100];
    }
}
