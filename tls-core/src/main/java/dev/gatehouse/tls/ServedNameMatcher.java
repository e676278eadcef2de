package dev.gatehouse.tls;

import java.util.function.Predicate;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/**
 * Accepts the server names for which there is a credential. A provider answers the others with the alert
 * {@code unrecognized_name}, which a key manager cannot bring about. Conscrypt alone answers {@code handshake_failure}.
 */
final class ServedNameMatcher extends SNIMatcher {

    private final Predicate<ClientHello> isServed;

    private ServedNameMatcher(Predicate<ClientHello> isServed) {
        super(StandardConstants.SNI_HOST_NAME);
        this.isServed = isServed;
    }

    /** Waits for the resolver, on the thread of the handshake. */
    static ServedNameMatcher waiting(BoundedWait wait) {
        return new ServedNameMatcher(hello -> wait.resolve(hello).isPresent());
    }

    /** Accepts a name about which the resolver is still thinking; the key manager waits. */
    static ServedNameMatcher notWaiting(BoundedWait wait) {
        return new ServedNameMatcher(wait::mayResolve);
    }

    @Override
    public boolean matches(SNIServerName requested) {
        ClientHello.Builder hello = ClientHello.builder();
        HandshakeHello.addServerName(hello, requested.getEncoded());
        return isServed.test(hello.build());
    }
}
