package dev.gatehouse.routing.internal.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** The other end of a TLS connection in memory. */
final class ServerEngine {

    private final SSLEngine engine;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private ByteBuffer incoming = ByteBuffer.allocate(0);
    private ByteBuffer toSend = ByteBuffer.allocate(0);
    private boolean closeNotify;

    ServerEngine(SSLContext context, String version) {
        engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {version});
    }

    void send(byte[] content) {
        toSend = ByteBuffer.allocate(toSend.remaining() + content.length)
                .put(toSend)
                .put(content)
                .flip();
    }

    void closeOutbound() {
        engine.closeOutbound();
    }

    byte[] received() {
        return received.toByteArray();
    }

    boolean sawCloseNotify() {
        return closeNotify;
    }

    /** Takes bytes of the client; what is to go back is returned. */
    byte[] exchange(byte[] bytes) {
        incoming = ByteBuffer.allocate(incoming.remaining() + bytes.length)
                .put(incoming)
                .put(bytes)
                .flip();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            while (step(out)) {
                // goes on
            }
        } catch (SSLException broken) {
            throw new AssertionError("the server found the connection broken", broken);
        }
        return out.toByteArray();
    }

    private boolean step(ByteArrayOutputStream out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                engine.getDelegatedTask().run();
                return true;
            }
            case NEED_WRAP -> {
                return wrap(out);
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                return unwrap();
            }
            default -> {
                boolean wrapped = toSend.hasRemaining() && !engine.isOutboundDone() && wrap(out);
                return unwrap() || wrapped;
            }
        }
    }

    private boolean wrap(ByteArrayOutputStream out) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(40_000);
        SSLEngineResult result = engine.wrap(toSend, record);
        out.write(record.array(), 0, record.position());
        return result.bytesProduced() > 0;
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer content = ByteBuffer.allocate(40_000);
        SSLEngineResult result = engine.unwrap(incoming, content);
        received.write(content.array(), 0, content.position());
        closeNotify |= result.getStatus() == SSLEngineResult.Status.CLOSED && engine.isInboundDone();
        return result.bytesConsumed() > 0;
    }
}
