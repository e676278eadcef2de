package dev.gatehouse.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * One handshake between two engines in memory. The time that the server's engine takes is told apart from the client's,
 * for both run on this thread by turns.
 */
final class EngineHandshake {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int BUFFER = 1 << 15;

    private final Side server;
    private final Side client;

    private EngineHandshake(SSLContext serverContext, SSLContext clientContext, String name, String protocol) {
        server = new Side(serverContext.createSSLEngine(), false);
        client = new Side(clientContext.createSSLEngine(name, 443), true);
        SSLParameters parameters = client.engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setProtocols(new String[] {protocol});
        client.engine.setSSLParameters(parameters);
    }

    /**
     * Makes a connection and closes it.
     *
     * @return the nanoseconds of processor time that the server's engine took for the handshake, tasks and session
     *     tickets included
     */
    static long run(SSLContext server, SSLContext client, String name, String protocol) throws SSLException {
        return new EngineHandshake(server, client, name, protocol).run();
    }

    private long run() throws SSLException {
        boolean isQuiet = false;
        while (!isQuiet) {
            long sent = server.sent + client.sent;
            client.step(server);
            server.step(client);
            isQuiet = server.sent + client.sent == sent && client.isDone() && server.isDone();
        }
        long serverNanos = server.nanos;
        client.engine.closeOutbound();
        client.step(server);
        server.step(client);
        return serverNanos;
    }

    private static final class Side {

        private final SSLEngine engine;
        private final ByteBuffer received = ByteBuffer.allocate(BUFFER);
        private final ByteBuffer outgoing = ByteBuffer.allocate(BUFFER);
        private final ByteBuffer content = ByteBuffer.allocate(BUFFER);
        private final ByteBuffer nothing = ByteBuffer.allocate(0);
        private long nanos;
        private long sent;

        Side(SSLEngine engine, boolean isClient) {
            this.engine = engine;
            engine.setUseClientMode(isClient);
        }

        boolean isDone() {
            return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && engine.getSession().isValid()
                    && !engine.getSession().getProtocol().equals("NONE");
        }

        /** Takes in what has come, and hands over what there is to send. */
        void step(Side peer) throws SSLException {
            long start = THREADS.getCurrentThreadCpuTime();
            received.flip();
            SSLEngineResult result;
            do {
                result = received.hasRemaining() ? engine.unwrap(received, content.clear()) : wrap();
                runTasks();
                if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    wrap();
                }
            } while (received.hasRemaining() && result.getStatus() == SSLEngineResult.Status.OK
                    || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone());
            received.compact();
            nanos += THREADS.getCurrentThreadCpuTime() - start;
            outgoing.flip();
            sent += outgoing.remaining();
            peer.received.put(outgoing);
            outgoing.clear();
        }

        private SSLEngineResult wrap() throws SSLException {
            return engine.wrap(nothing, outgoing);
        }

        private void runTasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
    }
}
