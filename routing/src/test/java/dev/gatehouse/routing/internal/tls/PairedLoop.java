package dev.gatehouse.routing.internal.tls;

import dev.gatehouse.routing.internal.loop.BufferPool;
import dev.gatehouse.routing.internal.loop.BufferPools;
import dev.gatehouse.routing.internal.loop.ChannelListener;
import dev.gatehouse.routing.internal.loop.EventLoop;
import dev.gatehouse.routing.internal.loop.LoopChannel;
import dev.gatehouse.routing.internal.loop.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A loop that turns when the test says so, with one channel whose bytes go to a server in memory, in pieces whose sizes
 * are chosen by chance.
 */
final class PairedLoop implements EventLoop {

    interface Step {
        void run() throws IOException;
    }

    final ServerEngine server;
    private final BufferPool buffers = BufferPools.create();
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final IntUnaryOperator chance;
    private final TlsChannel channel;
    private @Nullable Transport transport;
    private boolean connected;
    private Step readable = () -> {};
    private Step writable = () -> {};

    PairedLoop(SSLContext context, String version, SSLEngine client, TlsTasks tlsTasks, IntUnaryOperator chance)
            throws IOException {
        server = new ServerEngine(context, version);
        this.chance = chance;
        channel = TlsChannel.connect(this, new InetSocketAddress(1), client, tlsTasks, new Listener());
    }

    private final class Listener implements ChannelListener {

        @Override
        public void connected() {
            connected = true;
        }

        @Override
        public void connectFailed(IOException cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void readable() {
            run(readable);
        }

        @Override
        public void writable() {
            run(writable);
        }

        @Override
        public void failedUnexpectedly(Throwable mistake) {
            throw new AssertionError(mistake);
        }
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private final class Transport implements LoopChannel {

        final ChannelListener listener;
        ByteBuffer toClient = ByteBuffer.allocate(0);
        boolean ended;
        boolean blocked;
        boolean generous;
        boolean breaking;
        boolean open = true;
        boolean wantsRead = true;
        boolean wantsWrite;
        int reads;

        Transport(ChannelListener listener) {
            this.listener = listener;
        }

        void serverGets(byte[] bytes) {
            byte[] answer = server.exchange(bytes);
            if (breaking && answer.length > 0) {
                answer[answer.length - 1]++;
                breaking = false;
            }
            toClient = ByteBuffer.allocate(toClient.remaining() + answer.length)
                    .put(toClient)
                    .put(answer)
                    .flip();
        }

        @Override
        public int read(ByteBuffer into) {
            reads++;
            if (!toClient.hasRemaining()) {
                return ended ? -1 : 0;
            }
            int count = piece(Math.min(toClient.remaining(), into.remaining()));
            into.put(toClient.slice(toClient.position(), count));
            toClient.position(toClient.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            int count = blocked ? 0 : piece(from.remaining());
            byte[] bytes = new byte[count];
            from.get(bytes);
            serverGets(bytes);
            return count;
        }

        /** Everything, nothing, a few bytes or many. */
        private int piece(int most) {
            return switch (generous ? 3 : chance.applyAsInt(4)) {
                case 0 -> 0;
                case 1 -> Math.min(most, 1 + chance.applyAsInt(7));
                case 2 -> most == 0 ? 0 : 1 + chance.applyAsInt(most);
                default -> most;
            };
        }

        @Override
        public void wantRead(boolean wanted) {
            wantsRead = wanted;
        }

        @Override
        public void wantWrite(boolean wanted) {
            wantsWrite = wanted;
        }

        @Override
        public void shutdownOutput() {
            throw new AssertionError("TLS does not end like that");
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    TlsChannel channel() {
        return channel;
    }

    private Transport transport() {
        return Objects.requireNonNull(transport);
    }

    void whenReadable(Step step) {
        readable = step;
    }

    void whenWritable(Step step) {
        writable = step;
    }

    boolean isConnected() {
        return connected;
    }

    void endOfTransport() {
        transport().serverGets(new byte[0]);
        transport().ended = true;
    }

    void breakNextRecord() {
        transport().serverGets(new byte[0]);
        transport().breaking = true;
    }

    /** Nothing is cut from now on. */
    void cutNothing() {
        transport().generous = true;
    }

    void blockWrites() {
        transport().blocked = true;
    }

    int readsOfTransport() {
        return transport().reads;
    }

    boolean isReadWanted() {
        return transport().wantsRead;
    }

    int buffersInUse() {
        return BufferPools.borrowed(buffers);
    }

    void readUntilItEnds() throws IOException {
        for (int i = 0; i < 1000; i++) {
            if (channel.read(ByteBuffer.allocate(100)) < 0) {
                return;
            }
        }
        throw new AssertionError("no end in sight");
    }

    void runUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (deadline - System.nanoTime() < 0) {
                throw new AssertionError("did not happen");
            }
            turn(1);
        }
    }

    void settle() {
        for (int i = 0; i < 200; i++) {
            turn(0);
        }
    }

    private void turn(int patienceMillis) {
        Transport below = transport();
        boolean wasReadable = below.open && below.wantsRead && (below.toClient.hasRemaining() || below.ended);
        boolean isBusy = wasReadable || (below.wantsWrite && !below.blocked);
        try {
            Runnable task = tasks.poll(isBusy ? 0 : patienceMillis, TimeUnit.MILLISECONDS);
            if (task != null) {
                task.run();
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        below.serverGets(new byte[0]);
        if (below.open && below.wantsWrite && !below.blocked) {
            below.listener.writable();
        }
        if (below.open && below.wantsRead && (below.toClient.hasRemaining() || below.ended)) {
            below.listener.readable();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean isInside() {
        return true;
    }

    @Override
    public long now() {
        return 0;
    }

    @Override
    public void arm(Timer timer, long deadline) {
        throw new AssertionError("no time here");
    }

    @Override
    public void disarm(Timer timer) {
        throw new AssertionError("no time here");
    }

    @Override
    public BufferPool buffers() {
        return buffers;
    }

    @Override
    public LoopChannel connect(SocketAddress address, ChannelListener listener) {
        Transport made = new Transport(listener);
        transport = made;
        tasks.add(listener::connected);
        return made;
    }
}
