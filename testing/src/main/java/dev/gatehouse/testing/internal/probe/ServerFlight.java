package dev.gatehouse.testing.internal.probe;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server sent until it waits for the client. Filled as it comes in; not safe for use by several threads. */
public final class ServerFlight {
    private int version;
    private int cipherSuite;
    private @Nullable String applicationProtocol;
    private @Nullable Integer signatureScheme;
    private boolean clientCertificateRequested;
    private final List<X509Certificate> chain = new ArrayList<>();
    private final List<byte[]> ocspResponses = new ArrayList<>();

    /** Makes a flight of which nothing has come in. */
    public ServerFlight() {}

    void agreeOn(int newVersion, int newCipherSuite) {
        version = newVersion;
        cipherSuite = newCipherSuite;
    }

    void agreeOn(String newApplicationProtocol) {
        applicationProtocol = newApplicationProtocol;
    }

    void signedWith(int newSignatureScheme) {
        signatureScheme = newSignatureScheme;
    }

    void requestClientCertificate() {
        clientCertificateRequested = true;
    }

    void show(X509Certificate certificate) {
        chain.add(certificate);
    }

    void staple(byte[] ocspResponse) {
        ocspResponses.add(ocspResponse);
    }

    /** {@return the {@code ProtocolVersion}, 0 before it was told} */
    public int version() {
        return version;
    }

    /** {@return code point of the cipher suite} */
    public int cipherSuite() {
        return cipherSuite;
    }

    /** {@return the protocol of ALPN, null for none} */
    public @Nullable String applicationProtocol() {
        return applicationProtocol;
    }

    /** {@return code point of the scheme that the server signed with, null if it did not sign} */
    public @Nullable Integer signatureScheme() {
        return signatureScheme;
    }

    /** {@return whether the server asks for a client certificate} */
    public boolean clientCertificateRequested() {
        return clientCertificateRequested;
    }

    /** {@return the certificates in the order in which they were shown} */
    public List<X509Certificate> chain() {
        return List.copyOf(chain);
    }

    /** {@return the stapled OCSP responses} */
    public List<byte[]> ocspResponses() {
        return List.copyOf(ocspResponses);
    }
}
