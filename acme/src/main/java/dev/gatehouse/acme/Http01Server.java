package dev.gatehouse.acme;

import dev.gatehouse.acme.internal.challenge.ChallengeConnection;
import dev.gatehouse.acme.internal.work.Daemons;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener for HTTP-01 challenges of its own, for programs whose server does not listen on port 80. It answers
 * challenges, sends everything else to HTTPS if that is wanted, and has 404 for the rest.
 *
 * <pre>{@code
 * Http01Server port80 = Http01Server.builder(certificates.http01()).redirectToHttps(443).start();
 * }</pre>
 *
 * <p><b>Limits.</b> One request for each connection, with a head of at most 8 KiB in at most 10 seconds, and 256 connections
 * at once; further ones are closed. Threads are daemons named {@code gatehouse-http01-N}, virtual on JDK 24 and later, and
 * end when they have been idle for 15 seconds.
 *
 * <p>Safe for use by several threads.
 */
public final class Http01Server implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Http01Server.class);

    private static final int MAX_CONNECTIONS = 256;
    private static final int BACKLOG = 128;
    private static final Duration IDLE = Duration.ofSeconds(15);

    private final ChallengeResponder responder;
    private final OptionalInt redirectPort;
    private final ServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor connections = new ThreadPoolExecutor(
            0,
            MAX_CONNECTIONS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Daemons.named("gatehouse-http01-"));

    private Http01Server(Builder builder) throws IOException {
        this.responder = builder.responder;
        this.redirectPort = builder.redirectPort == null ? OptionalInt.empty() : OptionalInt.of(builder.redirectPort);
        this.socket = new ServerSocket();
        InetSocketAddress address = builder.address == null ? new InetSocketAddress(80) : builder.address;
        try {
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
        } catch (IOException unbound) {
            socket.close();
            throw new IOException(
                    "The listener for HTTP-01 cannot have " + address + ": " + unbound.getMessage()
                            + ". If another server has the port, let that one ask the ChallengeResponder.",
                    unbound);
        }
    }

    /**
     * Starts with what answers challenges.
     *
     * @param responder such as {@link CertificateManager#http01()}
     * @return a builder
     */
    public static Builder builder(ChallengeResponder responder) {
        return new Builder(responder);
    }

    private Http01Server started() {
        Daemons.platform("gatehouse-http01-accept-").newThread(this::accept).start();
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                serve(socket.accept());
            } catch (IOException failure) {
                if (!socket.isClosed()) {
                    log.warn("http-01: a connection could not be accepted: {}", failure.getMessage());
                }
            }
        }
    }

    private void serve(Socket connection) throws IOException {
        try {
            open.add(connection);
            connections.execute(() -> {
                new ChallengeConnection(connection, responder, redirectPort, log).serve();
                open.remove(connection);
            });
        } catch (RejectedExecutionException full) {
            open.remove(connection);
            log.debug(
                    "{}: closed, {} connections are open already",
                    connection.getRemoteSocketAddress(),
                    MAX_CONNECTIONS);
            connection.close();
        }
    }

    /** {@return the port that it listens on} */
    public int port() {
        return socket.getLocalPort();
    }

    /** Stops listening. Connections under way are ended. Does not block; does nothing the second time. */
    @Override
    public void close() {
        close(socket);
        open.forEach(Http01Server::close);
        connections.shutdownNow();
    }

    private static void close(Closeable closing) {
        try {
            closing.close();
        } catch (IOException unclosable) {
            log.warn("http-01: {} could not be closed: {}", closing, unclosable.getMessage());
        }
    }

    /** Collects the settings. Each may be set once. Not safe for use by several threads. */
    public static final class Builder {

        private final ChallengeResponder responder;
        private @Nullable InetSocketAddress address;
        private @Nullable Integer redirectPort;

        private Builder(ChallengeResponder responder) {
            this.responder = Objects.requireNonNull(responder, "responder");
        }

        /**
         * Sets where to listen. Default: port 80 of all addresses, where certificate authorities look.
         *
         * @param newAddress the address; port 0 takes a free one
         * @return this builder
         * @throws IllegalStateException if it was set already
         */
        public Builder address(InetSocketAddress newAddress) {
            if (address != null) {
                throw new IllegalStateException("address was already set to " + address + ". Set it once.");
            }
            address = newAddress;
            return this;
        }

        /**
         * Sends requests that are for no challenge to HTTPS, with 308 Permanent Redirect (RFC 9110, section 15.4.9).
         * Default: 404 Not Found.
         *
         * @param port the port of HTTPS as clients see it, 443 in production
         * @return this builder
         * @throws IllegalArgumentException if it is not from 1 to 65535
         * @throws IllegalStateException if it was set already
         */
        public Builder redirectToHttps(int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
            }
            if (redirectPort != null) {
                throw new IllegalStateException(
                        "redirectToHttps was already set to " + redirectPort + ". Set it once.");
            }
            redirectPort = port;
            return this;
        }

        /**
         * Starts to listen.
         *
         * @return the server, to be closed
         * @throws IOException if the port cannot be had; the message says what to do
         */
        public Http01Server start() throws IOException {
            return new Http01Server(this).started();
        }
    }
}
