package dev.gatehouse.acme.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

/** Gives a name server a second address: BIND listens at addresses of network interfaces only, and 127.0.0.2 is none. */
final class UdpRelay implements AutoCloseable {

    private final InetSocketAddress target;
    private final DatagramSocket near;
    private final DatagramSocket far;

    UdpRelay(InetSocketAddress listen, InetSocketAddress target) throws IOException {
        this.target = target;
        this.near = new DatagramSocket(listen);
        this.far = new DatagramSocket();
        far.setSoTimeout(1_000);
        Thread thread = new Thread(this::relay, "udp-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void relay() {
        while (!near.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(new byte[1_500], 1_500);
                near.receive(query);
                far.send(new DatagramPacket(query.getData(), query.getLength(), target));
                DatagramPacket answer = new DatagramPacket(new byte[1_500], 1_500);
                far.receive(answer);
                near.send(new DatagramPacket(answer.getData(), answer.getLength(), query.getSocketAddress()));
            } catch (SocketTimeoutException unanswered) {
                continue;
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** {@return address and port as messages show them} */
    String address() {
        return near.getLocalAddress().getHostAddress() + ":" + near.getLocalPort();
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
