package dev.gatehouse.testing.internal.acme;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.testing.internal.acme.wire.Urls;
import dev.gatehouse.testing.internal.pki.ServerContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Listens on an address, with or without TLS, and names itself in URLs. */
public final class HttpListeners {
    private static final int BACKLOG = 1024;

    static {
        // These are read when the first server of the JVM is made. The JDK's server sends header and content apart:
        // with
        // Nagle's algorithm every response waits for a delayed acknowledgement, 40 ms each. And of more than 200 idle
        // connections it closes each at once, under the hands of clients that were about to use it again.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        setUnlessSet("sun.net.httpserver.maxIdleConnections", "5000");
    }

    private HttpListeners() {}

    /** {@return a listener for plain HTTP, not started} */
    public static HttpServer http(InetSocketAddress address) {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw cannotListen(address, e);
        }
    }

    /** {@return a listener for HTTPS with a certificate of this CA, not started} */
    public static HttpServer https(InetSocketAddress address, TestCa ca) {
        try {
            HttpsServer server = HttpsServer.create(address, BACKLOG);
            String host = host(server.getAddress().getAddress());
            server.setHttpsConfigurator(
                    new HttpsConfigurator(ServerContexts.of(ca.issue(host, "localhost", "127.0.0.1", "::1"))));
            return server;
        } catch (IOException e) {
            throw cannotListen(address, e);
        }
    }

    /** {@return the URLs of a server that listens so} */
    public static Urls urls(HttpServer server) {
        return new Urls(baseUrl(server));
    }

    /** {@return the URL of a server that listens so, without a path} */
    public static String baseUrl(HttpServer server) {
        InetAddress address = server.getAddress().getAddress();
        String host = address instanceof Inet6Address && !address.isAnyLocalAddress()
                ? '[' + host(address) + ']'
                : host(address);
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://" + host + ':' + server.getAddress().getPort();
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static String host(InetAddress address) {
        return address.isAnyLocalAddress()
                ? "localhost"
                : address.getHostAddress().replaceAll("%.*", "");
    }

    private static UncheckedIOException cannotListen(InetSocketAddress address, IOException cause) {
        return new UncheckedIOException(
                "The test server cannot listen on " + address + ". Choose another port, or 0 for a free one.", cause);
    }
}
