package dev.gatehouse.testing.internal.dns;

import dev.gatehouse.testing.DnsTransport;
import dev.gatehouse.testing.internal.acme.wire.NamedThreads;
import dev.gatehouse.testing.internal.acme.wire.Text;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes queries by UDP on one thread and by TCP on one for each connection, of which there are at most 32 at a time.
 * Replies may be given on any thread, at any time.
 */
public final class DnsListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gatehouse.testing.TestDns");
    private static final int MOST_CONNECTIONS = 32;
    private static final int IDLE_MILLIS = 10_000;
    private static final int LONGEST_CLOSE_MILLIS = 5_000;
    private static final int LONGEST_MESSAGE = 65_535;

    private final DnsSockets sockets;
    private final QueryHandler handler;
    private final ThreadPoolExecutor connectionThreads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread receiver;
    private final Thread acceptor;

    /** Sends an answer. */
    public interface Reply {

        /**
         * Sends it; a client that has gone does not matter.
         *
         * @param message the bytes
         */
        void send(byte[] message);
    }

    /** Looks at queries. */
    public interface QueryHandler {

        /**
         * Handles a query, without blocking.
         *
         * @param message the bytes
         * @param transport how they came
         * @param reply takes the answer, if there is one
         */
        void handle(byte[] message, DnsTransport transport, Reply reply);
    }

    /**
     * Starts to listen.
     *
     * @param sockets closed with this listener
     * @param handler called on the threads of this listener, on several at a time
     */
    public DnsListener(DnsSockets sockets, QueryHandler handler) {
        this.sockets = sockets;
        this.handler = handler;
        this.connectionThreads = new ThreadPoolExecutor(
                0,
                MOST_CONNECTIONS,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new NamedThreads("gatehouse-dns-test-connection"));
        this.receiver = new NamedThreads("gatehouse-dns-test-udp").newThread(this::receive);
        this.acceptor = new NamedThreads("gatehouse-dns-test-tcp").newThread(this::accept);
        receiver.start();
        acceptor.start();
    }

    private void receive() {
        byte[] buffer = new byte[LONGEST_MESSAGE];
        while (!sockets.udp().isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                sockets.udp().receive(packet);
                handler.handle(
                        Arrays.copyOf(buffer, packet.getLength()),
                        DnsTransport.UDP,
                        answer -> send(new DatagramPacket(answer, answer.length, packet.getSocketAddress())));
            } catch (IOException e) {
                if (!sockets.udp().isClosed()) {
                    LOG.warn("{}: receiving a datagram failed: {}. Going on.", sockets.address(), Text.reason(e));
                }
            }
        }
    }

    private void send(DatagramPacket packet) {
        try {
            sockets.udp().send(packet);
        } catch (IOException e) {
            LOG.debug("{}: no answer to {}: {}", sockets.address(), packet.getSocketAddress(), Text.reason(e));
        }
    }

    private void accept() {
        while (!sockets.tcp().isClosed()) {
            try {
                Socket connection = sockets.tcp().accept();
                open.add(connection);
                serveOnThread(connection);
            } catch (IOException e) {
                if (!sockets.tcp().isClosed()) {
                    LOG.warn("{}: accepting a connection failed: {}. Going on.", sockets.address(), Text.reason(e));
                }
            }
        }
    }

    private void serveOnThread(Socket connection) {
        try {
            connectionThreads.execute(() -> serve(connection));
        } catch (RejectedExecutionException full) {
            LOG.warn(
                    "{}: connection refused, {} are open already. Close some of them.",
                    sockets.address(),
                    MOST_CONNECTIONS);
            close(connection);
        }
    }

    private void serve(Socket connection) {
        try {
            connection.setSoTimeout(IDLE_MILLIS);
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            while (true) {
                byte[] message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                handler.handle(message, DnsTransport.TCP, answer -> send(answer, out));
            }
        } catch (EOFException | SocketTimeoutException clientIsDone) {
            // Clients close when they have their answers, or are closed when they ask nothing for a while.
        } catch (IOException e) {
            LOG.debug("{}: connection broke off: {}", sockets.address(), Text.reason(e));
        } finally {
            close(connection);
        }
    }

    private void send(byte[] answer, OutputStream out) {
        ByteBuffer framed = ByteBuffer.allocate(2 + answer.length)
                .putShort((short) answer.length)
                .put(answer);
        try {
            synchronized (out) {
                out.write(framed.array());
            }
        } catch (IOException e) {
            LOG.debug("{}: no answer by TCP: {}", sockets.address(), Text.reason(e));
        }
    }

    private void close(Socket connection) {
        open.remove(connection);
        try {
            connection.close();
        } catch (IOException alreadyUnusable) {
            // There is nothing left to say to this client.
        }
    }

    /** Closes port and connections, and waits until the port is free. */
    @Override
    public void close() {
        sockets.close();
        connectionThreads.shutdownNow();
        open.forEach(this::close);
        try {
            receiver.join(LONGEST_CLOSE_MILLIS);
            acceptor.join(LONGEST_CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
