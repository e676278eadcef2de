package dev.gatehouse.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tells what a client speaks whose first byte is not that of a handshake record. */
final class ForeignProtocols {

    private static final byte[] PROXY_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROXY_2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

    /** GET, HEAD, POST, PUT, PATCH, PRI, DELETE, OPTIONS, CONNECT, TRACE. */
    private static final String FIRST_OF_HTTP_METHODS = "GHPDOCT";

    private static final int FIRST_CONTENT_TYPE = 20;
    private static final int LAST_CONTENT_TYPE = 24;
    private static final int SSL_2_CLIENT_HELLO = 1;
    private static final byte DTLS_MAJOR_VERSION = (byte) 0xfe;

    private ForeignProtocols() {}

    /**
     * Refuses the bytes from index 0 to the limit, at least one, as soon as they tell what they are; a few are enough.
     *
     * @throws ClientHelloRefusal if they do
     */
    static void refuse(ByteBuffer received, int limit) {
        if (isPartOf(PROXY_1, received, limit) || isPartOf(PROXY_2, received, limit)) {
            return;
        }
        int first = received.get(0) & 0xff;
        if (first >= 0x80 && limit < 3) {
            return;
        }
        throw new ClientHelloRefusal(problem(received, limit, first));
    }

    private static ClientHelloProblem problem(ByteBuffer received, int limit, int first) {
        if (startsWith(PROXY_1, received, limit) || startsWith(PROXY_2, received, limit)) {
            return ClientHelloProblem.PROXY_PROTOCOL;
        }
        if (FIRST_OF_HTTP_METHODS.indexOf(first) >= 0) {
            return ClientHelloProblem.PLAIN_HTTP;
        }
        if (first >= FIRST_CONTENT_TYPE && first <= LAST_CONTENT_TYPE) {
            return ClientHelloProblem.UNEXPECTED_RECORD;
        }
        return first >= 0x80 && received.get(2) == SSL_2_CLIENT_HELLO
                ? ClientHelloProblem.SSL_2
                : ClientHelloProblem.NOT_TLS;
    }

    static ClientHelloProblem ofMajorVersion(byte version) {
        return version == DTLS_MAJOR_VERSION ? ClientHelloProblem.DTLS : ClientHelloProblem.NOT_TLS;
    }

    /** Whether there are fewer bytes than the signature has, and they agree with it. */
    private static boolean isPartOf(byte[] signature, ByteBuffer received, int limit) {
        return limit < signature.length && agrees(signature, received, limit);
    }

    private static boolean startsWith(byte[] signature, ByteBuffer received, int limit) {
        return limit >= signature.length && agrees(signature, received, signature.length);
    }

    private static boolean agrees(byte[] signature, ByteBuffer received, int length) {
        for (int i = 0; i < length; i++) {
            if (received.get(i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
