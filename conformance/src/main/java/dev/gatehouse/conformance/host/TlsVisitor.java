package dev.gatehouse.conformance.host;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** One of the clients of {@link TlsVisitors}: a handshake, a request and the status line of its response. */
final class TlsVisitor {

    private static final int LARGEST_HELLO = 4096;

    private final String name;
    private final SocketChannel channel;
    private final SSLEngine engine;
    private final StringBuilder response = new StringBuilder();
    private ByteBuffer received = ByteBuffer.allocate(LARGEST_HELLO);
    private boolean asked;
    private @Nullable String outcome;

    TlsVisitor(String name, SocketChannel channel, SSLContext client) {
        this.name = name;
        this.channel = channel;
        engine = client.createSSLEngine(name, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
    }

    String name() {
        return name;
    }

    boolean isDone() {
        return outcome != null;
    }

    String outcome() {
        return outcome != null ? outcome : "no answer in time";
    }

    void sendHello() throws IOException {
        engine.beginHandshake();
        send(new byte[0]);
    }

    /** Something has come from the server. */
    void readable() {
        try {
            if (received.remaining() == 0
                    || received.capacity() < engine.getSession().getPacketBufferSize()) {
                received = ByteBuffer.allocate(2 * engine.getSession().getPacketBufferSize())
                        .put(received.flip());
            }
            int count = channel.read(received);
            if (count < 0) {
                throw new EOFException("closed by the server");
            }
            received.flip();
            unwrapAll();
            received.compact();
        } catch (IOException failed) {
            finish(failed.toString());
        }
    }

    private void unwrapAll() throws IOException {
        ByteBuffer clear = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        SSLEngineResult result;
        do {
            result = engine.unwrap(received, clear.clear());
            response.append(StandardCharsets.ISO_8859_1.decode(clear.flip()));
            goOn();
        } while (result.getStatus() == SSLEngineResult.Status.OK && received.hasRemaining() && !isDone());
        int lineEnd = response.indexOf("\r\n");
        if (lineEnd >= 0) {
            finish(response.substring(0, lineEnd));
        }
    }

    private void goOn() throws IOException {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            send(new byte[0]);
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && !asked) {
            asked = true;
            send(("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void send(byte[] content) throws IOException {
        ByteBuffer clear = ByteBuffer.wrap(content);
        ByteBuffer wire = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        do {
            engine.wrap(clear, wire.clear());
            wire.flip();
            while (wire.hasRemaining()) {
                if (channel.write(wire) == 0) {
                    throw new SSLException("the server does not take a handshake");
                }
            }
        } while (clear.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    private void finish(String how) {
        outcome = how;
        close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            outcome = outcome();
        }
    }
}
