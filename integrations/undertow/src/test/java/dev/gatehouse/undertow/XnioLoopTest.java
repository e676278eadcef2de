package dev.gatehouse.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import dev.gatehouse.routing.internal.loop.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

@Timeout(30)
class XnioLoopTest {

    private XnioWorker worker;
    private XnioLoop loop;

    @BeforeEach
    void start() throws IOException {
        worker = Xnio.getInstance().createWorker(OptionMap.create(Options.WORKER_IO_THREADS, 1));
        loop = new XnioLoop(worker.getIoThread());
    }

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    @Test
    void tasksAreDoneInTheirOrderByTheThreadOfTheHost() throws Exception {
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        loop.execute(() -> done.add("first " + loop.isInside()));
        loop.execute(() -> done.add("second"));

        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("first true");
        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(loop.isInside()).isFalse();
    }

    @Test
    void timersActInTheOrderOfTheirDeadlinesNeverTooEarlyAndNotWhenTakenBack() throws Exception {
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        long begin = inside(() -> {
            long now = loop.now();
            Timer takenBack = new Timer(() -> done.add("taken back"));
            Timer late = new Timer(() -> done.add(
                    "late " + (loop.now() - now >= Duration.ofMillis(60).toNanos())));
            Timer early = new Timer(() -> done.add(
                    "early " + (loop.now() - now >= Duration.ofMillis(20).toNanos())));
            loop.arm(late, now + Duration.ofMillis(60).toNanos());
            loop.arm(takenBack, now + Duration.ofMillis(40).toNanos());
            loop.arm(early, now + Duration.ofMillis(20).toNanos());
            loop.disarm(takenBack);
            return now;
        });

        assertThat(begin).isNotZero();
        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("early true");
        assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("late true");
    }

    @Test
    void bytesGoBothWaysAndEachWayEndsByItself() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Recorder recorder = new Recorder();
            LoopChannel channel = inside(() -> loop.connect(server.getLocalSocketAddress(), recorder));
            try (Socket peer = server.accept()) {
                assertThat(recorder.next()).isEqualTo("connected");
                inside(() -> channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3})));
                assertThat(peer.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
                inside(() -> {
                    channel.shutdownOutput();
                    return true;
                });
                assertThat(peer.getInputStream().read()).isEqualTo(-1);

                peer.getOutputStream().write(new byte[] {4, 5});
                assertThat(recorder.next()).isEqualTo("readable");
                assertThat(inside(() -> channel.read(ByteBuffer.allocate(10)))).isEqualTo(2);
            }
            assertThat(inside(channel::isOpen)).isTrue();
            inside(() -> {
                channel.close();
                return true;
            });
            assertThat(inside(channel::isOpen)).isFalse();
            assertThatThrownBy(() -> inside(() -> channel.read(ByteBuffer.allocate(1))))
                    .hasRootCauseInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aPortWhereNobodyListensIsReported() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) server.getLocalSocketAddress();
        }
        Recorder recorder = new Recorder();
        inside(() -> loop.connect(nobody, recorder));

        assertThat(recorder.next()).startsWith("failed ");
    }

    @Test
    void aConnectionThatIsClosedBeforeItIsOpenSaysNothingAndLeavesNothing() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Recorder recorder = new Recorder();
            inside(() -> {
                loop.connect(server.getLocalSocketAddress(), recorder).close();
                return true;
            });
            server.setSoTimeout(10_000);
            try (Socket peer = server.accept()) {
                peer.setSoTimeout(10_000);
                assertThat(peer.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(recorder.events).isEmpty();
        }
    }

    @Test
    void handlersOfOneServerShareTheConnectionsToTheirTargets() {
        assertThat(new XnioLoop(worker.getIoThread())).isEqualTo(loop).hasSameHashCodeAs(loop);
    }

    @Test
    void aServerThatHasStoppedTakesNoTasks() throws Exception {
        worker.shutdownNow();
        assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private <T> T inside(Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(call.call());
            } catch (Exception failed) {
                result.completeExceptionally(failed);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    private static final class Recorder implements ChannelListener {

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(events.poll(10, TimeUnit.SECONDS));
        }

        @Override
        public void connected() {
            events.add("connected");
        }

        @Override
        public void connectFailed(IOException cause) {
            events.add("failed " + cause.getMessage());
        }

        @Override
        public void readable() {
            if (events.isEmpty()) {
                events.add("readable");
            }
        }

        @Override
        public void writable() {
            events.add("writable");
        }

        @Override
        public void failedUnexpectedly(Throwable mistake) {
            events.add("mistake " + mistake);
        }
    }
}
