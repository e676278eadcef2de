package dev.gatehouse.tls;

import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/**
 * Accepts the server names for which there is a credential. A provider answers the others with the alert
 * {@code unrecognized_name}, which a key manager cannot bring about.
 */
final class ServedNameMatcher extends SNIMatcher {

    private final BoundedWait wait;

    ServedNameMatcher(BoundedWait wait) {
        super(StandardConstants.SNI_HOST_NAME);
        this.wait = wait;
    }

    @Override
    public boolean matches(SNIServerName requested) {
        try {
            ServerName name = ServerName.ofSni(requested.getEncoded());
            return wait.resolve(ClientHello.of(name)).isPresent();
        } catch (InvalidNameException notAName) {
            return false;
        }
    }
}
