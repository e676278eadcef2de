package dev.gatehouse.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
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
 * A context whose engines and server sockets are those of another one, with an SNI matcher installed. The engines
 * themselves are not wrapped, since servers look at their class to find out about ALPN.
 */
final class SniMatchingContext extends SSLContext {

    private SniMatchingContext(SSLContext context, List<SNIMatcher> matchers) {
        super(new Spi(context, matchers), context.getProvider(), context.getProtocol());
    }

    static SSLContext around(SSLContext context, BoundedWait wait) {
        return new SniMatchingContext(context, List.of(new ServedNameMatcher(wait)));
    }

    private static final class Spi extends SSLContextSpi {

        private final SSLContext context;
        private final List<SNIMatcher> matchers;

        Spi(SSLContext context, List<SNIMatcher> matchers) {
            this.context = context;
            this.matchers = matchers;
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
            return withMatchers(context.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return withMatchers(context.createSSLEngine(host, port));
        }

        private SSLEngine withMatchers(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setSNIMatchers(matchers);
            engine.setSSLParameters(parameters);
            return engine;
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new MatchingServerSocketFactory(context.getServerSocketFactory(), matchers);
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
            return context.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return context.getSupportedSSLParameters();
        }
    }

    private static final class MatchingServerSocketFactory extends SSLServerSocketFactory {

        private final SSLServerSocketFactory factory;
        private final List<SNIMatcher> matchers;

        MatchingServerSocketFactory(SSLServerSocketFactory factory, List<SNIMatcher> matchers) {
            this.factory = factory;
            this.matchers = matchers;
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
            return withMatchers(factory.createServerSocket());
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return withMatchers(factory.createServerSocket(port));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return withMatchers(factory.createServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                throws IOException {
            return withMatchers(factory.createServerSocket(port, backlog, address));
        }

        private ServerSocket withMatchers(ServerSocket socket) {
            SSLServerSocket tls = (SSLServerSocket) socket;
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setSNIMatchers(matchers);
            tls.setSSLParameters(parameters);
            return tls;
        }
    }
}
