package dev.gatehouse.testing.internal.probe;

import java.security.SecureRandom;
import java.util.List;

/** Writes a ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). */
final class ClientHelloMessage {
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int STATUS_REQUEST = 5;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int EC_POINT_FORMATS = 11;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int EXTENDED_MASTER_SECRET = 23;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int RENEGOTIATION_INFO = 0xff01;
    private static final int SECP384R1 = 0x0018;

    private ClientHelloMessage() {}

    /** {@return the message with its header} */
    static byte[] of(HelloOffer offer, KeyShares shares) {
        byte[] body = new TlsOutput()
                .uint16(offer.legacyVersion())
                .raw(random())
                .vector8(random())
                .vector16(pairs(offer.cipherSuites()))
                .vector8(new byte[] {0})
                .vector16(extensions(offer, shares))
                .toByteArray();
        return new TlsOutput().uint8(CLIENT_HELLO).uint24(body.length).raw(body).toByteArray();
    }

    private static byte[] extensions(HelloOffer offer, KeyShares shares) {
        TlsOutput extensions = new TlsOutput();
        byte[] serverName = offer.serverNameExtension();
        if (serverName != null) {
            extensions.uint16(SERVER_NAME).vector16(serverName);
        }
        extensions.uint16(STATUS_REQUEST).vector16(new byte[] {1, 0, 0, 0, 0});
        extensions
                .uint16(SUPPORTED_GROUPS)
                .vector16(vector16(pairs(List.of(KeyShares.X25519, KeyShares.SECP256R1, SECP384R1))));
        extensions.uint16(EC_POINT_FORMATS).vector16(new byte[] {1, 0});
        extensions.uint16(SIGNATURE_ALGORITHMS).vector16(vector16(pairs(offer.signatureSchemes())));
        if (!offer.applicationProtocols().isEmpty()) {
            TlsOutput names = new TlsOutput();
            offer.applicationProtocols().forEach(names::vector8);
            extensions.uint16(APPLICATION_PROTOCOLS).vector16(vector16(names.toByteArray()));
        }
        extensions.uint16(EXTENDED_MASTER_SECRET).vector16(new byte[0]);
        extensions.uint16(RENEGOTIATION_INFO).vector16(new byte[] {0});
        if (offer.offers13()) {
            byte[] versions = new TlsOutput().vector8(pairs(offer.versions())).toByteArray();
            extensions.uint16(SUPPORTED_VERSIONS).vector16(versions);
            extensions.uint16(KEY_SHARE).vector16(shares.extension());
        }
        return extensions.toByteArray();
    }

    private static byte[] vector16(byte[] content) {
        return new TlsOutput().vector16(content).toByteArray();
    }

    private static byte[] pairs(List<Integer> values) {
        TlsOutput output = new TlsOutput();
        values.forEach(output::uint16);
        return output.toByteArray();
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
