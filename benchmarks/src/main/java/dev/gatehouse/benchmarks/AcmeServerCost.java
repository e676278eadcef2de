package dev.gatehouse.benchmarks;

import dev.gatehouse.testing.AcmeTestServer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.exception.AcmeException;

/**
 * What the ACME test server adds to the time of a test: its start, and issuances by acme4j with HTTP-01 and P-256 keys, one
 * after the other and all at once. Client, server and web server share the processors.
 */
final class AcmeServerCost {

    private static final int STARTS = 61;
    private static final int ISSUANCES = 400;
    private static final int PARALLEL = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AcmeTestServer server;
    private final Http01Files files;

    private AcmeServerCost(AcmeTestServer server, Http01Files files) {
        this.server = server;
        this.files = files;
    }

    static List<Result> measure() throws IOException {
        try (AcmeTestServer server =
                        AcmeTestServer.builder().retryAfter(Duration.ZERO).start();
                Http01Files files = new Http01Files()) {
            server.useHttp01Port(files.port());
            AcmeServerCost cost = new AcmeServerCost(server, files);
            List<Result> results = new ArrayList<>();
            results.add(ofStart());
            results.addAll(cost.ofIssuance());
            results.addAll(cost.ofParallelIssuances());
            return results;
        } catch (AcmeException | GeneralSecurityException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A server is ready when {@code start} returns: it listens, and its CA has its keys. */
    private static Result ofStart() {
        List<Double> millis = new ArrayList<>();
        for (int i = -STARTS / 2; i < STARTS; i++) {
            long start = System.nanoTime();
            AcmeTestServer started = AcmeTestServer.start();
            double time = (System.nanoTime() - start) / 1e6;
            started.close();
            if (i >= 0) {
                millis.add(time);
            }
        }
        return Result.of(
                "ACME test server, from nothing to ready in a warm JVM: median, longest of " + STARTS,
                "< 150 ms",
                "%.1f ms, %.1f ms",
                percentile(millis, 50),
                percentile(millis, 100));
    }

    private List<Result> ofIssuance() throws AcmeException, GeneralSecurityException, IOException {
        Login login = login();
        List<Double> millis = new ArrayList<>();
        for (int i = -ISSUANCES / 2; i < ISSUANCES; i++) {
            double time = issue(login, "single-" + (i + ISSUANCES) + ".example.com");
            if (i >= 0) {
                millis.add(time);
            }
        }
        return List.of(Result.of(
                "Issuance by acme4j, HTTP-01, P-256, one after the other: median, 95th percentile of " + ISSUANCES,
                "< 60 ms",
                "%.1f ms, %.1f ms",
                percentile(millis, 50),
                percentile(millis, 95)));
    }

    private List<Result> ofParallelIssuances()
            throws AcmeException, GeneralSecurityException, InterruptedException, ExecutionException {
        List<Login> logins = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            logins.add(login());
        }
        ExecutorService clients = Executors.newFixedThreadPool(PARALLEL);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Double>> issuances = new ArrayList<>();
            for (int i = 0; i < PARALLEL; i++) {
                issuances.add(clients.submit(atOnce(start, logins.get(i), "parallel-" + i + ".example.com")));
            }
            long begin = System.nanoTime();
            start.countDown();
            List<Double> millis = new ArrayList<>();
            int errors = 0;
            for (Future<Double> issuance : issuances) {
                try {
                    millis.add(issuance.get());
                } catch (ExecutionException failed) {
                    errors++;
                    System.err.println("An issuance failed: " + failed.getCause());
                }
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return List.of(
                    Result.of(
                            PARALLEL + " issuances at once, each by an account of its own: errors", "0", "%d", errors),
                    Result.of(
                            PARALLEL + " issuances at once: all of them, the longest one, issued per second",
                            "-",
                            "%.1f s, %.1f s, %.0f",
                            seconds,
                            percentile(millis, 100) / 1e3,
                            millis.size() / seconds));
        } finally {
            clients.shutdownNow();
        }
    }

    private Callable<Double> atOnce(CountDownLatch start, Login login, String name) {
        return () -> {
            start.await();
            return issue(login, name);
        };
    }

    private Login login() throws AcmeException, GeneralSecurityException {
        return new AccountBuilder()
                .agreeToTermsOfService()
                .useKeyPair(newKey())
                .createLogin(new Session(server.directoryUri()));
    }

    /** Returns milliseconds. */
    private double issue(Login login, String name) throws AcmeException, GeneralSecurityException, IOException {
        long start = System.nanoTime();
        Order order = login.newOrder().domain(name).create();
        for (Authorization authorization : order.getAuthorizations()) {
            Http01Challenge challenge =
                    authorization.findChallenge(Http01Challenge.class).orElseThrow();
            files.put(challenge.getToken(), challenge.getAuthorization());
            challenge.trigger();
        }
        await(order, Status.READY);
        order.execute(newKey());
        await(order, Status.VALID);
        order.getCertificate().download();
        return (System.nanoTime() - start) / 1e6;
    }

    private static void await(Order order, Status wanted) throws AcmeException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (order.getStatus() != wanted) {
            if (order.getStatus() == Status.INVALID || System.nanoTime() > end) {
                throw new AcmeException("order is " + order.getStatus() + ": " + order.getError());
            }
            order.fetch();
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static double percentile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((sorted.size() - 1) * percent / 100);
    }
}
