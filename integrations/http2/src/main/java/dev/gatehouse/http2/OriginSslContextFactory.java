package dev.gatehouse.http2;

import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Target;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Gives Jetty the engines that a target's settings for TLS make, untouched. */
final class OriginSslContextFactory extends SslContextFactory.Client {

    private final Target target;
    private final OriginTls tls;

    OriginSslContextFactory(Target target, OriginTls tls) {
        this.target = target;
        this.tls = tls;
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        return tls.newEngine(target.host(), target.port(), "h2");
    }
}
