package dev.gatehouse.testing;

import java.net.UnknownHostException;
import java.util.List;

/**
 * Tells an {@link AcmeTestServer} the TXT records of a name, in place of DNS. It is called on the server's validation
 * threads, several at a time, and may block there.
 */
@FunctionalInterface
public interface TxtResolver {

    /**
     * Finds the TXT records that a DNS-01 validation looks at (RFC 8555 section 8.4), with aliases followed.
     *
     * @param name the name, such as {@code _acme-challenge.example.com}, lower case, without a dot at the end
     * @return the text of each record, unquoted; none if there is none
     * @throws UnknownHostException if the name cannot be looked up; the challenge then fails with a problem of type
     *     {@code dns}
     */
    List<String> resolve(String name) throws UnknownHostException;
}
