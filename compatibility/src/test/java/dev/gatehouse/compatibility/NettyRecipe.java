package dev.gatehouse.compatibility;

import dev.gatehouse.tls.SniKeyManager;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** How a user of Netty wires the key manager, as docs/tls.md tells. */
final class NettyRecipe {

    private NettyRecipe() {}

    static NettyServer.Handlers withJdk(SniKeyManager keyManager) throws SSLException {
        SslContext context = SslContextBuilder.forServer(keyManager)
                .sslProvider(SslProvider.JDK)
                .build();
        return (allocator, handshakes) -> newHandler(context, keyManager.sniMatcher(), allocator, handshakes);
    }

    static NettyServer.Handlers withOpenSsl(SniKeyManager keyManager) throws SSLException {
        SslContext context = SslContextBuilder.forServer(keyManager)
                .sslProvider(SslProvider.OPENSSL)
                .build();
        OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
        AtomicLong connections = new AtomicLong();
        return (allocator, handshakes) -> {
            synchronized (sessions) {
                // OpenSSL resumes a session under any server name, but not in another session id context.
                sessions.setSessionIdContext(ByteBuffer.allocate(Long.BYTES)
                        .putLong(connections.incrementAndGet())
                        .array());
                // OpenSSL calls the matcher on the event loop.
                return newHandler(context, keyManager.sniMatcherThatNeverWaits(), allocator, handshakes);
            }
        };
    }

    private static SslHandler newHandler(
            SslContext context, SNIMatcher matcher, ByteBufAllocator allocator, Executor handshakes) {
        SslHandler handler = context.newHandler(allocator, handshakes);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setSNIMatchers(List.of(matcher));
        handler.engine().setSSLParameters(parameters);
        return handler;
    }
}
