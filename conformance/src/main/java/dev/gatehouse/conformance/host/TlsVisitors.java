package dev.gatehouse.conformance.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * Many TLS clients on one thread, each of which asks for a name of its own: the visitors of as many new customers at once.
 * Each sends its ClientHello, and goes on when the server does. For the thread that made it.
 */
public final class TlsVisitors implements AutoCloseable {

    private final Selector selector;
    private final List<TlsVisitor> visitors = new ArrayList<>();

    private TlsVisitors(Selector selector) {
        this.selector = selector;
    }

    /**
     * Connects one client for each name and sends its ClientHello.
     *
     * @param port where the server listens, on the loopback interface
     * @param names the names
     * @param client what the clients trust
     * @return the clients
     * @throws IOException if one cannot connect
     */
    public static TlsVisitors connect(int port, List<String> names, SSLContext client) throws IOException {
        TlsVisitors all = new TlsVisitors(Selector.open());
        try {
            for (String name : names) {
                all.add(name, port, client);
            }
            return all;
        } catch (IOException | RuntimeException failed) {
            all.close();
            throw failed;
        }
    }

    private void add(String name, int port, SSLContext client) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TlsVisitor visitor = new TlsVisitor(name, channel, client);
        visitors.add(visitor);
        visitor.sendHello();
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, visitor);
    }

    /**
     * Lets every client finish its handshake and ask for {@code /}, as soon as the server lets it.
     *
     * @param limit how long to wait for the last of them
     * @return the status line of the response by the name of each client; how it failed in place of that
     * @throws IOException if the selector fails
     */
    public Map<String, String> visit(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (visitors.stream().anyMatch(visitor -> !visitor.isDone())) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                break;
            }
            selector.select(key -> ((TlsVisitor) key.attachment()).readable(), left);
        }
        Map<String, String> outcomes = new TreeMap<>();
        visitors.forEach(visitor -> outcomes.put(visitor.name(), visitor.outcome()));
        return outcomes;
    }

    /**
     * Closes all connections.
     *
     * @throws IOException if the selector fails
     */
    @Override
    public void close() throws IOException {
        for (TlsVisitor visitor : visitors) {
            visitor.close();
        }
        selector.close();
    }
}
