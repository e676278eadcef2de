package dev.gatehouse.tls;

import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/** The ClientHello as far as a JSSE provider shows it to a key manager. */
final class HandshakeHello {

    private HandshakeHello() {}

    static ClientHello of(ExtendedSSLSession handshake, ProviderDisclosure disclosure) {
        ClientHello.Builder hello = ClientHello.builder();
        String[] algorithms = handshake.getPeerSupportedSignatureAlgorithms();
        if (algorithms != null && disclosure.tellsSignatureAlgorithms()) {
            hello.signatureAlgorithms(List.of(algorithms));
        }
        addServerName(hello, handshake);
        return hello.build();
    }

    private static void addServerName(ClientHello.Builder hello, ExtendedSSLSession handshake) {
        List<SNIServerName> requested;
        try {
            requested = handshake.getRequestedServerNames();
        } catch (IllegalArgumentException conscryptRefusesTheName) {
            hello.invalidServerName(InvalidNameException.Reason.ILLEGAL_CHARACTER);
            return;
        }
        if (requested == null) { // Older Conscrypt, when there is none.
            return;
        }
        for (SNIServerName name : requested) {
            if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                addServerName(hello, name.getEncoded());
                return;
            }
        }
    }

    static void addServerName(ClientHello.Builder hello, byte[] encoded) {
        try {
            hello.serverName(ServerName.ofSni(encoded));
        } catch (InvalidNameException notAName) {
            hello.invalidServerName(notAName.reason());
        }
    }
}
