package dev.gatehouse.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A context whose engines and server sockets are those of another one, set up in a way of ours: versions, cipher suites,
 * application protocols, client authentication, and an SNI matcher. The engines themselves are not wrapped, since servers
 * look at their class to find out about ALPN.
 */
final class PresetContext extends SSLContext {

    private final Spi spi;

    private PresetContext(SSLContext context, Spi spi) {
        super(spi, context.getProvider(), context.getProtocol());
        this.spi = spi;
    }

    /**
     * Wraps a context that is initialised.
     *
     * @param matchers makes the matcher of an engine, or of a server socket with all that it accepts
     * @param forServerSockets makes a context of the JDK, for server sockets where those of the context would resume sessions
     *     under other server names
     * @throws IllegalStateException if the provider of the context supports nothing that the settings allow
     */
    static PresetContext around(
            SSLContext context,
            EngineSettings settings,
            Supplier<SNIMatcher> matchers,
            Supplier<SSLContext> forServerSockets) {
        SSLParameters supported = context.getSupportedSSLParameters();
        Presets presets = new Presets(settings, settings.choices(supported), matchers);
        return new PresetContext(context, new Spi(context, presets, SessionBinding.of(context), forServerSockets));
    }

    /** Makes an engine for a client of which it is known beforehand what it asks for. */
    SSLEngine newEngineFor(Optional<ServerName> serverName) {
        return spi.newEngineFor(serverName);
    }

    private record Presets(EngineSettings settings, SSLParameters choices, Supplier<SNIMatcher> matchers) {

        SSLParameters applyTo(SSLParameters parameters) {
            settings.applyTo(parameters, choices);
            parameters.setSNIMatchers(List.of(matchers.get()));
            return parameters;
        }

        SSLParameters copyOfChoices() {
            return new SSLParameters(choices.getCipherSuites(), choices.getProtocols());
        }
    }

    private static final class Spi extends SSLContextSpi {

        private final SSLContext context;
        private final Presets presets;
        private final SessionBinding sessions;
        private final Supplier<SSLContext> forServerSockets;

        Spi(SSLContext context, Presets presets, SessionBinding sessions, Supplier<SSLContext> forServerSockets) {
            this.context = context;
            this.presets = presets;
            this.sessions = sessions;
            this.forServerSockets = forServerSockets;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keyManagers,
                TrustManager @Nullable [] trustManagers,
                @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("This context has been initialised by ServerTls. Use it as it is.");
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return newEngineFor(Optional.empty());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return preset(sessions.newEngine(() -> context.createSSLEngine(host, port), Optional.empty()));
        }

        SSLEngine newEngineFor(Optional<ServerName> serverName) {
            return preset(sessions.newEngine(context::createSSLEngine, serverName));
        }

        private SSLEngine preset(SSLEngine engine) {
            engine.setUseClientMode(false);
            engine.setSSLParameters(presets.applyTo(engine.getSSLParameters()));
            return engine;
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            SSLContext ofSockets = sessions.holdsForServerSockets() ? context : forServerSockets.get();
            return new PresetServerSocketFactory(ofSockets.getServerSocketFactory(), presets);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return context.getSocketFactory();
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
            SSLParameters parameters = context.getDefaultSSLParameters();
            presets.settings().applyTo(parameters, presets.choices());
            return parameters;
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return presets.copyOfChoices();
        }
    }

    private static final class PresetServerSocketFactory extends SSLServerSocketFactory {

        private final SSLServerSocketFactory factory;
        private final Presets presets;

        PresetServerSocketFactory(SSLServerSocketFactory factory, Presets presets) {
            this.factory = factory;
            this.presets = presets;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return preset(factory.createServerSocket());
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return preset(factory.createServerSocket(port));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return preset(factory.createServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                throws IOException {
            return preset(factory.createServerSocket(port, backlog, address));
        }

        private ServerSocket preset(ServerSocket socket) {
            SSLServerSocket tls = (SSLServerSocket) socket;
            tls.setSSLParameters(presets.applyTo(tls.getSSLParameters()));
            return tls;
        }
    }
}
