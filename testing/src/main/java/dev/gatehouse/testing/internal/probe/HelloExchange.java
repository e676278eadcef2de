package dev.gatehouse.testing.internal.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;

/** Sends a ClientHello and reads the flight of messages that the server answers with. Nothing in it is verified. */
public final class HelloExchange {
    private static final int HANDSHAKE = 22;
    private static final int TLS_1_0 = 0x0301;
    private static final int LONGEST_FRAGMENT = 1 << 14;

    private static final int SERVER_HELLO = 2;
    private static final int ENCRYPTED_EXTENSIONS = 8;
    private static final int CERTIFICATE = 11;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int CERTIFICATE_REQUEST = 13;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int CERTIFICATE_VERIFY = 15;
    private static final int FINISHED = 20;
    private static final int CERTIFICATE_STATUS = 22;

    private static final int STATUS_REQUEST = 5;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;
    private static final int OCSP = 1;
    private static final int MOST_MESSAGES = 20;

    /** The random number that makes a HelloRetryRequest of a ServerHello (RFC 8446 section 4.1.3). */
    private static final byte[] RETRY =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private final HelloOffer offer;
    private final KeyShares shares = new KeyShares();
    private final ServerFlight flight;
    private final byte[] clientHello;

    /**
     * Prepares an exchange.
     *
     * @param offer what the client offers
     * @param flight where to put what the server sends, also when it breaks off
     */
    public HelloExchange(HelloOffer offer, ServerFlight flight) {
        this.offer = offer;
        this.flight = flight;
        this.clientHello = ClientHelloMessage.of(offer, shares);
    }

    /**
     * Makes the exchange. Blocks until the server has sent its flight.
     *
     * @param socket a connection to the server
     * @throws AlertException if the server refuses
     * @throws IOException if it does not answer, or not sensibly
     */
    public void run(Socket socket) throws IOException {
        send(socket);
        HandshakeReader messages = new HandshakeReader(socket.getInputStream());
        for (int i = 0; i < MOST_MESSAGES; i++) {
            byte[] message = messages.next();
            if (take(message, messages)) {
                return;
            }
        }
        throw new HelloException("The server sent more than " + MOST_MESSAGES + " messages without an end.");
    }

    /** The first record names the oldest version, for the sake of old servers (RFC 8446 section 5.1). */
    private void send(Socket socket) throws IOException {
        TlsOutput records = new TlsOutput();
        for (int from = 0; from < clientHello.length; from += LONGEST_FRAGMENT) {
            int to = Math.min(clientHello.length, from + LONGEST_FRAGMENT);
            records.uint8(HANDSHAKE)
                    .uint16(Math.min(offer.legacyVersion(), TLS_1_0))
                    .vector16(Arrays.copyOfRange(clientHello, from, to));
        }
        socket.getOutputStream().write(records.toByteArray());
    }

    /** {@return whether this was the last message} */
    private boolean take(byte[] message, HandshakeReader messages) throws IOException {
        TlsInput body = new TlsInput(Arrays.copyOfRange(message, 4, message.length));
        switch (message[0]) {
            case SERVER_HELLO -> serverHello(message, body, messages);
            case ENCRYPTED_EXTENSIONS -> extensions(new TlsInput(body.vector16()));
            case CERTIFICATE -> certificates(body);
            case CERTIFICATE_STATUS -> status(body);
            case SERVER_KEY_EXCHANGE -> serverKeyExchange(body);
            case CERTIFICATE_VERIFY -> flight.signedWith(body.uint16());
            case CERTIFICATE_REQUEST -> flight.requestClientCertificate();
            case SERVER_HELLO_DONE, FINISHED -> {
                return true;
            }
            default -> throw new HelloException("The server sent a handshake message of type " + message[0] + ".");
        }
        return false;
    }

    private void serverHello(byte[] message, TlsInput body, HandshakeReader messages) throws IOException {
        int version = body.uint16();
        if (Arrays.equals(body.raw(32), RETRY)) {
            throw new HelloException("The server asks for a key share of a group other than X25519 and P-256.");
        }
        body.vector8();
        int cipherSuite = body.uint16();
        body.uint8();
        flight.agreeOn(version, cipherSuite);
        if (body.isEmpty()) {
            return;
        }
        byte[] extensions = body.vector16();
        TlsInput input = new TlsInput(extensions);
        byte[] keyShare = new byte[0];
        while (!input.isEmpty()) {
            int type = input.uint16();
            TlsInput content = new TlsInput(input.vector16());
            if (type == SUPPORTED_VERSIONS) {
                flight.agreeOn(content.uint16(), cipherSuite);
            } else if (type == KEY_SHARE) {
                int group = content.uint16();
                keyShare = shares.agree(group, content.vector16());
            }
        }
        extensions(new TlsInput(extensions));
        if (flight.version() == HelloOffer.TLS_1_3) {
            byte[] transcript = new TlsOutput().raw(clientHello).raw(message).toByteArray();
            messages.decryptWith(ServerTraffic.of(cipherSuite, keyShare, transcript));
        }
    }

    private void extensions(TlsInput extensions) throws IOException {
        while (!extensions.isEmpty()) {
            int type = extensions.uint16();
            TlsInput content = new TlsInput(extensions.vector16());
            if (type == APPLICATION_PROTOCOLS) {
                byte[] name = new TlsInput(content.vector16()).vector8();
                flight.agreeOn(new String(name, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void certificates(TlsInput body) throws IOException {
        boolean is13 = flight.version() == HelloOffer.TLS_1_3;
        if (is13) {
            body.vector8();
        }
        TlsInput list = new TlsInput(body.vector24());
        while (!list.isEmpty()) {
            flight.show(certificate(list.vector24()));
            TlsInput extensions = new TlsInput(is13 ? list.vector16() : new byte[0]);
            while (!extensions.isEmpty()) {
                int type = extensions.uint16();
                TlsInput content = new TlsInput(extensions.vector16());
                if (type == STATUS_REQUEST) {
                    status(content);
                }
            }
        }
    }

    private void status(TlsInput body) throws IOException {
        if (body.uint8() == OCSP) {
            flight.staple(body.vector24());
        }
    }

    /** Ephemeral curves only (RFC 8422 section 5.4): before TLS 1.2 the scheme is not told. */
    private void serverKeyExchange(TlsInput body) throws IOException {
        if (flight.version() == HelloOffer.TLS_1_2 && body.uint8() == NAMED_CURVE) {
            body.uint16();
            body.vector8();
            flight.signedWith(body.uint16());
        }
    }

    private static X509Certificate certificate(byte[] encoded) throws HelloException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException e) {
            throw new HelloException("The server showed a certificate that cannot be read: " + e.getMessage());
        }
    }
}
