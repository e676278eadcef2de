package dev.gatehouse.testing.internal.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of one server, for both transports at the same port.
 *
 * @param udp for datagrams
 * @param tcp for connections
 */
public record DnsSockets(DatagramSocket udp, ServerSocket tcp) implements AutoCloseable {
    private static final int ATTEMPTS = 50;
    private static final int BACKLOG = 50;

    /**
     * Binds the sockets of several servers, all to the same port.
     *
     * @param addresses the address of each server
     * @param port the port, or 0 for one that is free at all the addresses
     * @return the sockets in the order of the addresses
     * @throws UncheckedIOException if one of them cannot be bound
     */
    public static List<DnsSockets> bind(List<InetAddress> addresses, int port) {
        for (int attempt = 1; ; attempt++) {
            try {
                return bindOnce(addresses, port);
            } catch (UncheckedIOException e) {
                // A port that is free for one transport and one address may be taken for another.
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static List<DnsSockets> bindOnce(List<InetAddress> addresses, int wanted) {
        List<DnsSockets> bound = new ArrayList<>();
        int port = wanted;
        for (InetAddress address : addresses) {
            try {
                DnsSockets sockets = bind(new InetSocketAddress(address, port));
                bound.add(sockets);
                port = sockets.tcp.getLocalPort();
            } catch (IOException e) {
                bound.forEach(DnsSockets::close);
                throw new UncheckedIOException(
                        "The test DNS server cannot listen on " + address.getHostAddress() + " port "
                                + (port == 0 ? "(any)" : port) + " (" + e.getMessage()
                                + "). Choose a free port; with several servers, let the system have the loopback addresses"
                                + " 127.0.0.1, 127.0.0.2 and so on.",
                        e);
            }
        }
        return bound;
    }

    private static DnsSockets bind(InetSocketAddress address) throws IOException {
        DatagramSocket udp = new DatagramSocket(address);
        try {
            return new DnsSockets(udp, new ServerSocket(udp.getLocalPort(), BACKLOG, address.getAddress()));
        } catch (IOException e) {
            udp.close();
            throw e;
        }
    }

    /** {@return where the server listens} */
    public InetSocketAddress address() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException alreadyUnusable) {
            // It accepts no more, which is what closing is for.
        }
    }
}
