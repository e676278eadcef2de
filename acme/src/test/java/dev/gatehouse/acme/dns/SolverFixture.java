package dev.gatehouse.acme.dns;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.ManualClock;
import dev.gatehouse.testing.TestDns;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** A solver on a clock that stands until a test moves it, with a name server and a provider that writes there. */
final class SolverFixture implements AutoCloseable {

    static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    static final String KEY_AUTHORIZATION = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    final ManualClock clock = new ManualClock();
    final ThreadPoolExecutor worker = (ThreadPoolExecutor) Executors.newFixedThreadPool(3);
    final ManualTimer timer = new ManualTimer(clock, worker);
    final List<Dns01Event> events = new CopyOnWriteArrayList<>();
    final ChallengeJournal journal = ChallengeJournal.inMemory();
    final TestDns dns;
    final FakeDnsProvider provider;

    SolverFixture(TestDns dns) {
        this.dns = dns;
        this.provider = new FakeDnsProvider(dns);
    }

    Dns01 settings() {
        return Dns01.using(provider).lookup(lookup(dns.address()));
    }

    DnsLookup lookup(InetSocketAddress resolver) {
        return DnsLookup.byResolvers(List.of(resolver))
                .authoritativePort(dns.address().getPort())
                .queryTimeout(Duration.ofMillis(500));
    }

    Dns01Solver solver(Dns01 settings) {
        return Dns01Solver.builder(settings)
                .worker(worker)
                .timer(timer)
                .clock(clock)
                .random(new Random(1))
                .journal(journal)
                .listener(events::add)
                .build();
    }

    /** Waits until the workers have nothing to do. A task that continues elsewhere on them is handed over before it ends. */
    void awaitIdle() {
        await().until(() -> worker.getActiveCount() == 0 && worker.getQueue().isEmpty());
    }

    /** Publishes a challenge whose value depends on a number. */
    static Dns01Publication publish(Dns01Solver solver, String domain, int number) {
        String token = "token" + number;
        return solver.publish(domain, token, token + ".thumbprint");
    }

    static String value(int number) {
        return new ChallengeRecord("x", "x", "token" + number, "token" + number + ".thumbprint", Duration.ofMinutes(1))
                .value();
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, SECONDS);
    }

    static Throwable failure(CompletionStage<?> stage) throws Exception {
        try {
            get(stage);
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (CancellationException cancelled) {
            return cancelled;
        }
        return fail("It did not fail");
    }

    @Override
    public void close() {
        worker.shutdownNow();
        dns.close();
    }
}
