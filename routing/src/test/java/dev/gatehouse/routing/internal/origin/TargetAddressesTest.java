package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.Logs;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.internal.loop.FakeTicker;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TargetAddressesTest {

    private final FakeTicker ticker = new FakeTicker();
    private final AtomicInteger lookups = new AtomicInteger();
    private volatile String answer = "192.0.2.1";
    private final TargetAddresses addresses = new TargetAddresses(this::lookUp, ticker);

    private InetAddress[] lookUp(String name) throws UnknownHostException {
        lookups.incrementAndGet();
        if (answer.isEmpty()) {
            throw new UnknownHostException(name);
        }
        return new InetAddress[] {InetAddress.getByName(answer)};
    }

    @AfterEach
    void close() {
        addresses.close();
    }

    private String resolve(String target) throws Exception {
        CompletableFuture<List<SocketAddress>> found = new CompletableFuture<>();
        addresses.resolve(Target.of(target), found::complete);
        return found.get(10, TimeUnit.SECONDS).toString();
    }

    @Test
    void addressesNeedNoLookup() throws Exception {
        assertThat(resolve("127.0.0.1:80")).isEqualTo("[/127.0.0.1:80]");
        assertThat(resolve("[::1]:80")).contains("0:0:0:0:0:0:0:1");
        assertThat(lookups).hasValue(0);
    }

    @Test
    void anAnswerIsRememberedForAFewSeconds() throws Exception {
        assertThat(resolve("app:80")).isEqualTo("[/192.0.2.1:80]");
        answer = "192.0.2.2";
        assertThat(resolve("app:81")).isEqualTo("[/192.0.2.1:81]");
        assertThat(lookups).hasValue(1);

        ticker.advance(Duration.ofSeconds(5));
        assertThat(resolve("app:80")).isEqualTo("[/192.0.2.2:80]");
    }

    @Test
    void aFailureIsRememberedBriefly() throws Exception {
        answer = "";
        assertThat(resolve("app:80")).isEqualTo("[]");
        answer = "192.0.2.1";
        assertThat(resolve("app:80")).isEqualTo("[]");

        ticker.advance(Duration.ofSeconds(1));
        assertThat(resolve("app:80")).isEqualTo("[/192.0.2.1:80]");
    }

    @Test
    void theLastKnownAddressesOutliveAnOutageOfTheNameService() throws Exception {
        try (Logs logs = Logs.capture()) {
            resolve("app:80");
            answer = "";
            ticker.advance(Duration.ofSeconds(6));

            assertThat(resolve("app:80")).isEqualTo("[/192.0.2.1:80]");
            assertThat(logs.lines())
                    .containsExactly(
                            "WARN app: the name of a target was not resolved (the name service does not know it);"
                                    + " the last known addresses [/192.0.2.1] are used");
        }
    }

    @Test
    void manyWaitForOneLookup() throws Exception {
        CountDownLatch answerNow = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        BlockingQueue<List<SocketAddress>> found = new LinkedBlockingQueue<>();
        try (TargetAddresses slow = new TargetAddresses(
                name -> {
                    asked.incrementAndGet();
                    awaitQuietly(answerNow);
                    return new InetAddress[] {InetAddress.getLoopbackAddress()};
                },
                ticker)) {
            for (int i = 0; i < 50; i++) {
                slow.resolve(Target.of("app", 80), found::add);
            }
            answerNow.countDown();

            List<List<SocketAddress>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(found.take());
            }
            assertThat(all).allMatch(list -> list.size() == 1);
            assertThat(asked).hasValue(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
