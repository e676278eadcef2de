package dev.gatehouse.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.io.EndPoint;

/** Where a client is. One that comes over a Unix domain socket is on this machine. */
final class ClientAddress {

    private ClientAddress() {}

    static InetAddress of(EndPoint endPoint) {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }
}
