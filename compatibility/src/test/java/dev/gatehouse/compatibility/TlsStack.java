package dev.gatehouse.compatibility;

import dev.gatehouse.tls.CertificateResolver;
import dev.gatehouse.tls.ServerTls;
import dev.gatehouse.tls.SniKeyManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;

/** The servers that answer handshakes: a TLS provider, and the way in which it is used. */
enum TlsStack {
    SUN_ENGINE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofEngines(context(resolver, Providers.SUN)::createSSLEngine);
        }
    },
    SUN_GATE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.behindGate(tls(resolver, Providers.SUN).gate());
        }
    },
    SUN_SOCKET {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofSockets(context(resolver, Providers.SUN));
        }
    },
    BOUNCYCASTLE_ENGINE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofEngines(context(resolver, Providers.BOUNCYCASTLE)::createSSLEngine);
        }
    },
    BOUNCYCASTLE_GATE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.behindGate(tls(resolver, Providers.BOUNCYCASTLE).gate());
        }
    },
    BOUNCYCASTLE_SOCKET {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofSockets(context(resolver, Providers.BOUNCYCASTLE));
        }
    },
    CONSCRYPT_ENGINE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofEngines(context(resolver, Providers.CONSCRYPT)::createSSLEngine);
        }
    },
    CONSCRYPT_GATE {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.behindGate(tls(resolver, Providers.CONSCRYPT).gate());
        }
    },
    /** Whose sockets are the JDK's, since Conscrypt's resume sessions under other names. */
    CONSCRYPT_SOCKET {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return SocketServer.ofSockets(context(resolver, Providers.CONSCRYPT));
        }
    },
    /** Netty around a context of {@link ServerTls}. */
    NETTY_JDK_CONTEXT {
        @Override
        TlsServer start(CertificateResolver resolver) {
            JdkSslContext context = new JdkSslContext(
                    context(resolver, Providers.SUN),
                    false,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    null,
                    ClientAuth.NONE,
                    null,
                    false);
            return new NettyServer(context::newHandler);
        }
    },
    /** Netty's own context of the JDK, around the key manager. */
    NETTY_JDK_KEY_MANAGER {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return new NettyServer(NettyRecipe.withJdk(SniKeyManager.using(resolver)));
        }
    },
    /** Netty's own context of BoringSSL, around the key manager. */
    NETTY_OPENSSL {
        @Override
        TlsServer start(CertificateResolver resolver) throws IOException {
            return new NettyServer(NettyRecipe.withOpenSsl(SniKeyManager.using(resolver)));
        }
    };

    static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    abstract TlsServer start(CertificateResolver resolver) throws IOException;

    boolean isConscrypt() {
        return this == CONSCRYPT_ENGINE || this == CONSCRYPT_GATE;
    }

    boolean isBouncyCastle() {
        return this == BOUNCYCASTLE_ENGINE || this == BOUNCYCASTLE_SOCKET || this == BOUNCYCASTLE_GATE;
    }

    /** Whether the certificate is chosen, or the connection refused, before there is an engine. */
    boolean isGate() {
        return this == SUN_GATE || this == BOUNCYCASTLE_GATE || this == CONSCRYPT_GATE;
    }

    /** Whether it is the JDK's provider that speaks TLS, in whatever server. */
    boolean isJdk() {
        return !isConscrypt() && !isBouncyCastle() && this != NETTY_OPENSSL;
    }

    private static SSLContext context(CertificateResolver resolver, Provider provider) {
        return tls(resolver, provider).sslContext();
    }

    private static ServerTls tls(CertificateResolver resolver, Provider provider) {
        return ServerTls.builder(resolver).provider(provider).build();
    }

    private static final class Providers {

        /** It tells of each connection. Kept here, because loggers are held by weak references only. */
        static final Logger BOUNCYCASTLE_LOG = Logger.getLogger("org.bouncycastle.jsse");

        static {
            BOUNCYCASTLE_LOG.setLevel(Level.OFF);
        }

        static final Provider SUN = Security.getProvider("SunJSSE");
        static final Provider BOUNCYCASTLE = new BouncyCastleJsseProvider(new BouncyCastleProvider());
        static final Provider CONSCRYPT = Conscrypt.newProvider();
    }
}
