package dev.gatehouse.tls;

import static dev.gatehouse.tls.ClientHelloProblem.DUPLICATE_EXTENSION;
import static dev.gatehouse.tls.ClientHelloProblem.DUPLICATE_SERVER_NAME;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_APPLICATION_PROTOCOLS;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_CIPHER_SUITES;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_COMPRESSION_METHODS;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_EXTENSIONS;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_GROUPS;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_MESSAGE;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_SERVER_NAMES;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_SIGNATURE_ALGORITHMS;
import static dev.gatehouse.tls.ClientHelloProblem.MALFORMED_VERSIONS;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the body of a ClientHello (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2). It judges the encoding of the
 * whole and of what it reads; whether the values make sense together is left to the engine that does the handshake.
 */
final class ClientHelloMessage {

    /** The version, 32 random bytes, and the shortest form of every list that has to be there. */
    static final int MIN_LENGTH = 2 + 32 + 1 + 4 + 2;

    private static final int RANDOM_LENGTH = 32;
    private static final int MAX_SESSION_ID = 32;
    private static final int HOST_NAME = 0;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int APPLICATION_PROTOCOLS = 16;
    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int SUPPORTED_VERSIONS = 43;

    private final ClientHello.Builder hello = ClientHello.builder();
    private @Nullable TlsCodePoints versions;
    private @Nullable TlsCodePoints signatureSchemes;
    private boolean hasTicket;

    private ClientHelloMessage() {}

    /**
     * Decodes a body that fills the bytes from start to end.
     *
     * @throws ClientHelloRefusal if it is malformed
     */
    static ClientHello.Builder decode(ByteBuffer bytes, int start, int end) {
        return new ClientHelloMessage().read(new ClientHelloCursor(bytes, start, end, MALFORMED_MESSAGE));
    }

    private ClientHello.Builder read(ClientHelloCursor body) {
        int legacyVersion = body.uint16();
        body.skip(RANDOM_LENGTH);
        ClientHelloCursor sessionId = body.vector8(MALFORMED_MESSAGE);
        if (sessionId.length() > MAX_SESSION_ID) {
            throw sessionId.refusal();
        }
        hello.cipherSuites(body.vector16(MALFORMED_CIPHER_SUITES).codePoints());
        ClientHelloCursor compressionMethods = body.vector8(MALFORMED_COMPRESSION_METHODS);
        if (compressionMethods.isAtEnd()) {
            throw compressionMethods.refusal();
        }
        if (!body.isAtEnd()) {
            readExtensions(body.vector16(MALFORMED_EXTENSIONS));
            body.expectEnd();
        }
        return conclude(legacyVersion, !sessionId.isAtEnd());
    }

    private void readExtensions(ClientHelloCursor extensions) {
        ClientHelloExtensionTypes types = new ClientHelloExtensionTypes();
        while (!extensions.isAtEnd()) {
            int type = extensions.uint16();
            if (!types.add(type)) {
                throw new ClientHelloRefusal(DUPLICATE_EXTENSION);
            }
            readExtension(type, extensions);
        }
    }

    private void readExtension(int type, ClientHelloCursor extensions) {
        switch (type) {
            case SERVER_NAME -> readServerNames(list16(extensions, MALFORMED_SERVER_NAMES));
            case SUPPORTED_GROUPS ->
                hello.supportedGroups(list16(extensions, MALFORMED_GROUPS).codePoints());
            case SIGNATURE_ALGORITHMS ->
                signatureSchemes =
                        list16(extensions, MALFORMED_SIGNATURE_ALGORITHMS).codePoints();
            case APPLICATION_PROTOCOLS -> readApplicationProtocols(list16(extensions, MALFORMED_APPLICATION_PROTOCOLS));
            case SESSION_TICKET ->
                hasTicket = !extensions.vector16(MALFORMED_EXTENSIONS).isAtEnd();
            case PRE_SHARED_KEY -> {
                extensions.skip(extensions.uint16());
                hello.offersResumption(true);
            }
            case SUPPORTED_VERSIONS -> versions = readVersions(extensions.vector16(MALFORMED_VERSIONS));
            default -> extensions.skip(extensions.uint16());
        }
    }

    /** The list that an extension consists of. */
    private static ClientHelloCursor list16(ClientHelloCursor extensions, ClientHelloProblem problem) {
        ClientHelloCursor data = extensions.vector16(problem);
        ClientHelloCursor list = data.vector16(problem);
        data.expectEnd();
        return list;
    }

    private static TlsCodePoints readVersions(ClientHelloCursor data) {
        ClientHelloCursor list = data.vector8(MALFORMED_VERSIONS);
        data.expectEnd();
        return list.codePoints();
    }

    private void readServerNames(ClientHelloCursor names) {
        if (names.isAtEnd()) {
            throw names.refusal();
        }
        BitSet seenTypes = null;
        boolean hasHostName = false;
        while (!names.isAtEnd()) {
            int type = names.uint8();
            ClientHelloCursor name = names.vector16(MALFORMED_SERVER_NAMES);
            if (type == HOST_NAME && !hasHostName) {
                hasHostName = true;
                readHostName(name);
            } else {
                seenTypes = seenTypes == null ? new BitSet() : seenTypes;
                refuseSecond(type, seenTypes);
            }
        }
    }

    private static void refuseSecond(int type, BitSet seenTypes) {
        if (type == HOST_NAME || seenTypes.get(type)) {
            throw new ClientHelloRefusal(DUPLICATE_SERVER_NAME);
        }
        seenTypes.set(type);
    }

    private void readHostName(ClientHelloCursor name) {
        try {
            hello.serverName(ServerName.ofSni(name.opaque()));
        } catch (InvalidNameException notAName) {
            hello.invalidServerName(notAName.reason());
        }
    }

    private void readApplicationProtocols(ClientHelloCursor list) {
        hello.encodedApplicationProtocols(list.opaque());
        while (!list.isAtEnd()) {
            int length = list.uint8();
            if (length == 0) {
                throw list.refusal();
            }
            list.skip(length);
        }
    }

    /** Without the extension a client speaks the legacy version and no later one, and TLS 1.2 at best. */
    private ClientHello.Builder conclude(int legacyVersion, boolean hasSessionId) {
        boolean speaksTls13 = versions != null && versions.contains(TlsVersion.TLS_1_3.wireValue());
        boolean speaksTls12 = versions != null
                ? versions.contains(TlsVersion.TLS_1_2.wireValue())
                : legacyVersion >= TlsVersion.TLS_1_2.wireValue();
        hello.supportedVersions(TlsVersion.setOf(speaksTls12, speaksTls13));
        if (signatureSchemes != null) {
            hello.signatureSchemes(signatureSchemes);
        } else if (!speaksTls13) {
            hello.signatureSchemes(SignatureSchemes.TLS_1_2_DEFAULTS);
        }
        if (hasTicket || hasSessionId && !speaksTls13) {
            hello.offersResumption(true);
        }
        return hello;
    }
}
