package dev.gatehouse.compatibility;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The server's side of one connection: an engine between a blocking socket and nothing but a greeting. */
final class EngineConnection {

    private static final int BUFFER = 64 * 1024;

    private final SSLEngine engine;
    private final Socket socket;
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer toSend = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer plain = ByteBuffer.allocate(BUFFER);

    /** Takes a socket of which some bytes may have been read already. */
    EngineConnection(SSLEngine engine, Socket socket, ByteBuffer receivedBefore) {
        this.engine = engine;
        this.socket = socket;
        engine.setUseClientMode(false);
        received.put(receivedBefore).flip();
    }

    void greet() throws IOException {
        try {
            engine.beginHandshake();
            shakeHands();
            ByteBuffer greeting = ByteBuffer.wrap(TlsServer.greeting());
            while (greeting.hasRemaining()) {
                // Session tickets go out first.
                send(greeting);
                shakeHands();
            }
            while (!engine.isInboundDone()) {
                receive();
                plain.clear();
            }
        } catch (SSLException refused) {
            sendAlert();
        } catch (IllegalArgumentException illegalServerName) {
            // Conscrypt throws it. A server closes the connection then, and so does the caller.
            throw new IOException(illegalServerName);
        }
    }

    private void shakeHands() throws IOException {
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (send(ByteBuffer.allocate(0)) == HandshakeStatus.FINISHED) {
                        return;
                    }
                }
                default -> {
                    if (receive() == HandshakeStatus.FINISHED) {
                        return;
                    }
                }
            }
            status = engine.getHandshakeStatus();
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private HandshakeStatus receive() throws IOException {
        SSLEngineResult result = engine.unwrap(received, plain);
        if (result.getStatus() == Status.CLOSED && !engine.isInboundDone()) {
            throw new SSLException("The engine is closed");
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            fill();
        }
        return result.getHandshakeStatus();
    }

    private void fill() throws IOException {
        received.compact();
        int count = socket.getInputStream().read(received.array(), received.position(), received.remaining());
        if (count < 0) {
            throw new EOFException("The client closed the connection");
        }
        received.position(received.position() + count);
        received.flip();
    }

    private HandshakeStatus send(ByteBuffer data) throws IOException {
        toSend.clear();
        SSLEngineResult result = engine.wrap(data, toSend);
        socket.getOutputStream().write(toSend.array(), 0, toSend.position());
        if (result.getStatus() == Status.CLOSED && data.hasRemaining()) {
            throw new SSLException("The engine is closed");
        }
        return result.getHandshakeStatus();
    }

    /** Wraps as long as something comes out. The alert may be behind a record that was due before it. */
    private void sendAlert() throws IOException {
        do {
            toSend.clear();
            try {
                engine.wrap(ByteBuffer.allocate(0), toSend);
            } catch (SSLException closed) {
                return;
            }
            socket.getOutputStream().write(toSend.array(), 0, toSend.position());
        } while (toSend.position() > 0);
    }
}
