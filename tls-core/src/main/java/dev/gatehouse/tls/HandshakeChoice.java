package dev.gatehouse.tls;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The credentials chosen in one handshake, by the key type that JSSE asks for. It asks for each type, and in TLS 1.2 again
 * for each cipher suite, up to 54 times; the answers, negative ones too, are kept in the handshake's session, so that the
 * resolver is asked once for each question.
 *
 * <p>In TLS 1.3 the signature algorithms of the client say it all, and the best credential is the only answer. In TLS 1.2
 * the cipher suites, which a key manager cannot see, limit the key types as well; so the best credential of each type
 * that is asked for is an answer.
 */
final class HandshakeChoice {

    private static final String SESSION_VALUE = HandshakeChoice.class.getName();

    private final ClientHello hello;
    private final boolean keyTypeIsFree;
    private final Optional<Credential> best;
    private final Map<KeyType, Optional<Credential>> byKeyType = new ConcurrentHashMap<>();

    private HandshakeChoice(ClientHello hello, boolean keyTypeIsFree, Optional<Credential> best) {
        this.hello = hello;
        this.keyTypeIsFree = keyTypeIsFree;
        this.best = best;
    }

    static HandshakeChoice in(ExtendedSSLSession handshake, BoundedWait wait) {
        if (handshake.getValue(SESSION_VALUE) instanceof HandshakeChoice made) {
            return made;
        }
        ClientHello hello = helloOf(handshake);
        boolean keyTypeIsFree = "TLSv1.3".equals(handshake.getProtocol());
        HandshakeChoice choice = new HandshakeChoice(hello, keyTypeIsFree, wait.resolve(hello));
        handshake.putValue(SESSION_VALUE, choice);
        return choice;
    }

    Optional<Credential> ofType(KeyType keyType, BoundedWait wait) {
        if (best.isEmpty() || best.get().keyType() == keyType) {
            return best;
        }
        return keyTypeIsFree ? Optional.empty() : byKeyType.computeIfAbsent(keyType, type -> restrictedTo(type, wait));
    }

    private Optional<Credential> restrictedTo(KeyType keyType, BoundedWait wait) {
        return hello.verifyingOnly(keyType)
                .flatMap(wait::resolve)
                .filter(credential -> credential.keyType() == keyType);
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
