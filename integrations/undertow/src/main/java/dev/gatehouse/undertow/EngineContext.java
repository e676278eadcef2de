package dev.gatehouse.undertow;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A context that makes engines of our own, and is another context in all other respects. */
final class EngineContext extends SSLContext {

    /** Makes an engine for a client, of which the host is an address without brackets and the port positive, if known. */
    @FunctionalInterface
    interface EngineFactory {

        SSLEngine newEngine(@Nullable String clientHost, int clientPort);
    }

    private EngineContext(SSLContext context, EngineFactory engines) {
        super(new Spi(context, engines), context.getProvider(), context.getProtocol());
    }

    static SSLContext around(SSLContext context, EngineFactory engines) {
        return new EngineContext(context, engines);
    }

    /** A context whose engines are {@link WaitingEngine}s around those of a context. */
    static SSLContext waiting(SSLContext context) {
        Objects.requireNonNull(context, "tls");
        return new EngineContext(
                context,
                (host, port) -> new WaitingEngine(
                        host == null ? context.createSSLEngine() : context.createSSLEngine(host, port)));
    }

    private static final class Spi extends SSLContextSpi {

        private static final int UNKNOWN_PORT = -1;

        private final SSLContext context;
        private final EngineFactory engines;

        Spi(SSLContext context, EngineFactory engines) {
            this.context = context;
            this.engines = engines;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keyManagers,
                TrustManager @Nullable [] trustManagers,
                @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("This context has been initialised. Use it as it is.");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return engines.newEngine(null, UNKNOWN_PORT);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engines.newEngine(host, port);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return context.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return context.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return context.getSupportedSSLParameters();
        }
    }
}
