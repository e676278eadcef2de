package dev.gatehouse.tls;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The credential chosen for one handshake, none included. JSSE asks once for each key type, and in TLS 1.2 again for each
 * cipher suite, up to 54 times; the answer is kept in the handshake's session, so that the resolver is asked once.
 */
final class HandshakeChoice {

    private static final String SESSION_VALUE = HandshakeChoice.class.getName();

    private final Optional<Credential> credential;

    private HandshakeChoice(Optional<Credential> credential) {
        this.credential = credential;
    }

    static Optional<Credential> in(ExtendedSSLSession handshake, BoundedWait wait) {
        if (handshake.getValue(SESSION_VALUE) instanceof HandshakeChoice made) {
            return made.credential;
        }
        Optional<Credential> credential = wait.resolve(helloOf(handshake));
        handshake.putValue(SESSION_VALUE, new HandshakeChoice(credential));
        return credential;
    }

    private static ClientHello helloOf(ExtendedSSLSession handshake) {
        ClientHello.Builder hello = ClientHello.builder();
        String[] algorithms = handshake.getPeerSupportedSignatureAlgorithms();
        if (algorithms != null) {
            hello.signatureAlgorithms(List.of(algorithms));
        }
        ServerName name = requestedServerName(handshake);
        return name == null ? hello.build() : hello.serverName(name).build();
    }

    /** Older Conscrypt returns a null list; a name that is none counts as missing. */
    private static @Nullable ServerName requestedServerName(ExtendedSSLSession handshake) {
        List<SNIServerName> requested = handshake.getRequestedServerNames();
        if (requested == null) {
            return null;
        }
        for (SNIServerName name : requested) {
            if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                try {
                    return ServerName.ofSni(name.getEncoded());
                } catch (InvalidNameException notAName) {
                    return null;
                }
            }
        }
        return null;
    }
}
