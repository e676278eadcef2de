package dev.gatehouse.examples.proxy;

import dev.gatehouse.acme.CertificateEvent;
import dev.gatehouse.acme.CertificateManager;
import dev.gatehouse.acme.CertificateStorage;
import dev.gatehouse.acme.Issuer;
import dev.gatehouse.examples.proxy.config.ProxyConfiguration;
import dev.gatehouse.routing.Router;
import dev.gatehouse.undertow.GatehouseUndertow;
import dev.gatehouse.undertow.Http01Handler;
import dev.gatehouse.undertow.RouterHandler;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The running proxy: certificates, two routers (one for each scheme) and the Undertow server before them. */
public final class Proxy implements AutoCloseable {

    private final CertificateManager certificates;
    private final Router plain;
    private final Router secure;
    private final Undertow server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Proxy(CertificateManager certificates, Router plain, Router secure, Undertow server) {
        this.certificates = certificates;
        this.plain = plain;
        this.secure = secure;
        this.server = server;
    }

    /**
     * Starts with a configuration.
     *
     * @param configuration the services
     * @return a builder
     */
    public static Builder builder(ProxyConfiguration configuration) {
        return new Builder(configuration);
    }

    /** {@return where it listens for HTTP} */
    public InetSocketAddress httpAddress() {
        return (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    }

    /** {@return where it listens for HTTPS} */
    public InetSocketAddress httpsAddress() {
        return (InetSocketAddress) server.getListenerInfo().get(1).getAddress();
    }

    /** Stops listening, then closes what is behind. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.stop();
            plain.close();
            secure.close();
            certificates.close();
        }
    }

    /** Collects what the proxy is made of. Not safe for use by several threads. */
    public static final class Builder {

        private final ProxyConfiguration configuration;
        private final List<Consumer<CertificateEvent>> listeners = new ArrayList<>();
        private String bind = "0.0.0.0";
        private int httpPort = 80;
        private int httpsPort = 443;
        private @Nullable CertificateStorage storage;
        private @Nullable Issuer issuer;

        private Builder(ProxyConfiguration configuration) {
            this.configuration = configuration;
        }

        /** Sets where to listen; a port of 0 takes a free one. */
        public Builder listen(String address, int newHttpPort, int newHttpsPort) {
            this.bind = address;
            this.httpPort = newHttpPort;
            this.httpsPort = newHttpsPort;
            return this;
        }

        /** Sets where certificates are kept. Required. */
        public Builder storage(CertificateStorage newStorage) {
            this.storage = newStorage;
            return this;
        }

        /** Sets who issues. Required. */
        public Builder issuer(Issuer newIssuer) {
            this.issuer = newIssuer;
            return this;
        }

        /** Adds a listener to what happens to certificates. */
        public Builder listener(Consumer<CertificateEvent> listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Starts the proxy. When this returns it accepts connections.
         *
         * @return the running proxy
         * @throws CommandFailedException if a port cannot be had, or the services contradict each other
         */
        public Proxy start() {
            if (storage == null || issuer == null) {
                throw new IllegalStateException("storage and issuer are required");
            }
            requireFree(httpPort, "--http-port");
            requireFree(httpsPort, "--https-port");
            AtomicInteger actualHttpsPort = new AtomicInteger(httpsPort);
            ProxyAssembly assembly = new ProxyAssembly(configuration, actualHttpsPort::get);
            CertificateManager certificates = assembly.certificates(storage, issuer, listeners);
            Router plain = assembly.plainRouter();
            Router secure = assembly.secureRouter();
            Undertow.Builder builder = GatehouseUndertow.forRouting(Undertow.builder());
            GatehouseUndertow.http(
                    builder, httpPort, bind, new Http01Handler(certificates.http01(), new RouterHandler(plain)));
            GatehouseUndertow.https(builder, certificates, httpsPort, bind, new RouterHandler(secure));
            Undertow server = builder.build();
            try {
                server.start();
            } catch (RuntimeException unstartable) {
                plain.close();
                secure.close();
                certificates.close();
                throw unstartable;
            }
            Proxy proxy = new Proxy(certificates, plain, secure, server);
            actualHttpsPort.set(proxy.httpsAddress().getPort());
            return proxy;
        }

        /**
         * Undertow says neither which port is taken nor lets go of the others, so they are tried beforehand. A free port is
         * left to the listener itself to take: one that was found here might be another's by then.
         */
        private void requireFree(int port, String option) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(bind, port));
            } catch (IOException | IllegalArgumentException taken) {
                throw new CommandFailedException(
                        "Cannot listen on " + bind + ":" + port + " (" + taken.getMessage()
                                + "). Stop what uses the port, or choose another with " + option
                                + "; ports below 1024 may need privileges.",
                        taken);
            }
        }
    }
}
