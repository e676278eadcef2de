package dev.gatehouse.compatibility;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends any bytes as the server name and any signature algorithms, and tells which alert it got. It checks
 * that the key that signs is that of the certificate shown, and trusts every certificate.
 */
final class RawTlsClient {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final BcTlsCrypto CRYPTO = new BcTlsCrypto(new SecureRandom());

    private static final int[] SUITES_TLS_1_3 = {CipherSuite.TLS_AES_128_GCM_SHA256};
    private static final int[] SUITES_EC = {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    private static final int[] SUITES_RSA = {CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256};

    /** What a client can verify. */
    enum Verifies {
        EC(List.of(SignatureAndHashAlgorithm.getInstance((short) 4, (short) 3)), SUITES_EC),
        RSA(
                List.of(
                        SignatureAndHashAlgorithm.rsa_pss_rsae_sha256,
                        SignatureAndHashAlgorithm.getInstance((short) 4, (short) 1)),
                SUITES_RSA),
        /** With the cipher suites of all, so that only the list of signature algorithms tells. */
        RSA_BY_SIGNATURES_ONLY(RSA.signatures, new int[] {SUITES_EC[0], SUITES_RSA[0]}),
        /** With the signature algorithms of all, so that in TLS 1.2 only the cipher suites tell. */
        RSA_BY_SUITES_ONLY(both(), SUITES_RSA),
        BOTH(both(), new int[] {SUITES_EC[0], SUITES_RSA[0]}),
        ED25519(List.of(SignatureAndHashAlgorithm.ed25519), SUITES_EC);

        private final List<SignatureAndHashAlgorithm> signatures;
        private final int[] suites;

        Verifies(List<SignatureAndHashAlgorithm> signatures, int[] suites) {
            this.signatures = signatures;
            this.suites = suites;
        }

        private static List<SignatureAndHashAlgorithm> both() {
            return List.of(EC.signatures.get(0), RSA.signatures.get(0), RSA.signatures.get(1));
        }
    }

    private final int port;
    private final ProtocolVersion version;

    RawTlsClient(int port, String jsseVersion) {
        this.port = port;
        this.version = jsseVersion.equals("TLSv1.3") ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12;
    }

    Handshake handshake(byte @Nullable [] serverName, Verifies verifies) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            return handshake(socket, new Peer(serverName, verifies, version));
        }
    }

    private static Handshake handshake(Socket socket, Peer peer) throws IOException {
        TlsClientProtocol protocol = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
        try {
            protocol.connect(peer);
            if (protocol.getInputStream().read() != TlsServer.GREETING) {
                throw new EOFException("The server closed the connection");
            }
            protocol.close();
            return Handshake.showing(peer.shown());
        } catch (TlsFatalAlertReceived refused) {
            return Handshake.refusedWith(refused.getAlertDescription());
        } catch (IOException failure) {
            return Handshake.failed(failure);
        }
    }

    private static final class Peer extends DefaultTlsClient {

        private final byte @Nullable [] serverName;
        private final Verifies verifies;
        private final ProtocolVersion version;
        private @Nullable X509Certificate shown;

        Peer(byte @Nullable [] serverName, Verifies verifies, ProtocolVersion version) {
            super(CRYPTO);
            this.serverName = serverName;
            this.verifies = verifies;
            this.version = version;
        }

        X509Certificate shown() throws IOException {
            if (shown == null) {
                throw new EOFException("The server showed no certificate");
            }
            return shown;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return version.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return version.equals(ProtocolVersion.TLSv13) ? SUITES_TLS_1_3.clone() : verifies.suites.clone();
        }

        @Override
        protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
            return new Vector<>(verifies.signatures);
        }

        @Override
        public Hashtable<Object, Object> getClientExtensions() throws IOException {
            @SuppressWarnings("unchecked") // BouncyCastle has no type arguments.
            Hashtable<Object, Object> extensions = super.getClientExtensions();
            if (serverName != null) {
                extensions.put(ExtensionType.server_name, serverNameList(serverName));
            }
            return extensions;
        }

        /** RFC 6066, section 3: a list of one name, of the type host_name. */
        private static byte[] serverNameList(byte[] name) {
            byte[] list = new byte[name.length + 5];
            list[0] = (byte) (name.length + 3 >> 8);
            list[1] = (byte) (name.length + 3);
            list[3] = (byte) (name.length >> 8);
            list[4] = (byte) name.length;
            System.arraycopy(name, 0, list, 5, name.length);
            return list;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
                    shown = decode(
                            certificate.getCertificate().getCertificateAt(0).getEncoded());
                }

                @Override
                public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                    return null;
                }
            };
        }

        private static X509Certificate decode(byte[] der) throws IOException {
            try {
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            } catch (CertificateException malformed) {
                throw new IOException(malformed);
            }
        }
    }
}
