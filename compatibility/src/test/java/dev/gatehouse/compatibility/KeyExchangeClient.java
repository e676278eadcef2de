package dev.gatehouse.compatibility;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** A TLS 1.3 client that offers some groups, with a key share for each, and tells which one the server chose. */
final class KeyExchangeClient {

    private static final int TIMEOUT_MILLIS = 20_000;

    private KeyExchangeClient() {}

    /**
     * {@return the group of the key share in the server's hello, which comes unencrypted}
     *
     * @throws IOException if the handshake fails, as it does when the server has none of the groups
     */
    static int negotiatedGroup(int port, String serverName, Integer... groups) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            Recorder recorder = new Recorder(socket.getInputStream());
            TlsClientProtocol protocol = new TlsClientProtocol(recorder, socket.getOutputStream());
            protocol.connect(new Peer(serverName, List.of(groups)));
            if (protocol.getInputStream().read() != TlsServer.GREETING) {
                throw new IOException("The server did not greet");
            }
            protocol.close();
            return keyShareGroup(recorder.recorded.toByteArray());
        }
    }

    /** RFC 8446, section 4.1.3: record, handshake header, version, random, session, suite, compression, extensions. */
    private static int keyShareGroup(byte[] stream) throws IOException {
        ByteBuffer hello = ByteBuffer.wrap(stream).position(5 + 4 + 2 + 32);
        hello.position(hello.get() + hello.position() + 2 + 1 + 2);
        while (hello.hasRemaining()) {
            int type = hello.getShort();
            int length = hello.getShort();
            if (type == ExtensionType.key_share) {
                return Short.toUnsignedInt(hello.getShort());
            }
            hello.position(hello.position() + length);
        }
        throw new IOException("The server's hello has no key share");
    }

    private static final class Recorder extends FilterInputStream {

        private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

        Recorder(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                recorded.writeBytes(Arrays.copyOfRange(bytes, offset, offset + count));
            }
            return count;
        }
    }

    private static final class Peer extends DefaultTlsClient {

        private final String serverName;
        private final List<Integer> groups;

        Peer(String serverName, List<Integer> groups) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.serverName = serverName;
            this.groups = groups;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.only();
        }

        @Override
        @SuppressWarnings("rawtypes") // BouncyCastle has no type arguments.
        protected Vector<Integer> getSupportedGroups(Vector namedGroupRoles) {
            return new Vector<>(groups);
        }

        @Override
        public Vector<Integer> getEarlyKeyShareGroups() {
            return new Vector<>(groups);
        }

        @Override
        public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
            @SuppressWarnings("unchecked") // BouncyCastle has no type arguments.
            Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
            TlsExtensionsUtils.addServerNameExtensionClient(
                    extensions,
                    new Vector<>(List.of(new ServerName((short) 0, serverName.getBytes(StandardCharsets.US_ASCII)))));
            return extensions;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate) {
                    // Whom it talks to is not what this client is for.
                }

                @Override
                public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                    return null;
                }
            };
        }
    }
}
