package dev.gatehouse.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Tells an {@link AcmeTestServer} where the server of a name is, in place of DNS. It is called on the server's validation
 * threads, several at a time, and may block there.
 */
@FunctionalInterface
public interface NameResolver {

    /**
     * Finds the address that a validation connects to.
     *
     * @param name a host name in A-label form, lower case, or an IP address as text
     * @return the address
     * @throws UnknownHostException if the name has no address; the challenge then fails with a problem of type
     *     {@code dns}
     */
    InetAddress resolve(String name) throws UnknownHostException;

    /** {@return a resolver that finds every name on this machine, at the loopback address} */
    static NameResolver loopback() {
        return name -> InetAddress.getLoopbackAddress();
    }

    /** {@return a resolver that asks the system, as {@link InetAddress#getByName} does} */
    static NameResolver system() {
        return InetAddress::getByName;
    }
}
