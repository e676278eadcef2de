package dev.gatehouse.tls;

/** How much of the ClientHello a TLS provider discloses to a key manager. */
enum ProviderDisclosure {
    /**
     * The client's signature algorithms, and in TLS 1.2 the key types that its cipher suites allow, by asking for them in the
     * order of these: the JDK, BouncyCastle.
     */
    COMPLETE,
    /** The client's signature algorithms, but the key types of all cipher suites: netty-tcnative. */
    WITHOUT_CIPHER_SUITES,
    /**
     * No more than the server name: Conscrypt has a constant list in place of the client's signature algorithms, calls every
     * protocol TLSv1.2, and asks for RSA and for EC keys of each client. It shows the one that it got last.
     */
    SERVER_NAME_ONLY;

    /**
     * Tells the provider by the class of its engine or socket, which is compared by a part of its name because both
     * libraries are often relocated.
     */
    static ProviderDisclosure of(Object connection) {
        String className = connection.getClass().getName();
        if (className.contains("conscrypt.")) {
            return SERVER_NAME_ONLY;
        }
        return className.contains("OpenSsl") ? WITHOUT_CIPHER_SUITES : COMPLETE;
    }

    /** Whether the client's signature algorithms say all about the keys it can use. */
    boolean tellsKeyTypes(String protocol) {
        return this != SERVER_NAME_ONLY && protocol.equals(TlsVersion.TLS_1_3.jsseName());
    }

    boolean tellsSignatureAlgorithms() {
        return this != SERVER_NAME_ONLY;
    }

    boolean tellsCipherSuites() {
        return this == COMPLETE;
    }
}
