package dev.gatehouse.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the reader says about a hello is what the JDK's engine says that gets the same bytes. The engine refuses names with
 * an underscore, which the reader takes, and in TLS 1.2 it looks at ALPN only after a key has been found. To a client that
 * has a list of its own for certificates, as the JDK's, it shows that one, which is longer.
 */
class ClientHelloEngineTest {

    private static final List<String> REFUSED_BY_THE_ENGINE =
            List.of("openssl-tls10", "openssl-invalid-servername", "openssl-underscore-trailing-dot");

    static List<RecordedHello> hellos() {
        return RecordedHello.all().stream()
                .filter(hello ->
                        hello.client().startsWith("openssl") || hello.client().startsWith("jdk"))
                .filter(hello -> !REFUSED_BY_THE_ENGINE.contains(hello.client()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void theEngineSaysTheSame(RecordedHello recorded) throws Exception {
        ClientHelloReader reader = ClientHelloReader.create();
        reader.read(ByteBuffer.wrap(recorded.bytes()));
        ClientHello hello = reader.clientHello();
        Handshake engine = Handshake.with(recorded.bytes());

        assertThat(engine.asked).isTrue();
        assertThat(hello.serverName()).isEqualTo(engine.serverName());
        if (hello.supports(TlsVersion.TLS_1_3)) {
            assertThat(hello.applicationProtocols()).isEqualTo(engine.applicationProtocols);
        }
        assertThat(hello.highestVersion().map(TlsVersion::jsseName)).contains(engine.protocol);
        List<String> known = hello.signatureAlgorithms().stream()
                .filter(engine.algorithms::contains)
                .toList();
        if (recorded.client().startsWith("openssl")) {
            assertThat(known).isEqualTo(engine.algorithms);
        } else {
            assertThat(engine.algorithms).containsSubsequence(known);
        }
        assertThat(known).contains("RSASSA-PSS");
    }

    /** A key manager that looks at the handshake and has no key, so that it ends there. */
    private static final class Handshake extends X509ExtendedKeyManager {

        private boolean asked;
        private String protocol = "";
        private List<String> algorithms = List.of();
        private List<SNIServerName> names = List.of();
        private List<String> applicationProtocols = List.of();

        static Handshake with(byte[] bytes) throws Exception {
            Handshake handshake = new Handshake();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {handshake}, null, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setHandshakeApplicationProtocolSelector((same, offered) -> {
                handshake.applicationProtocols = List.copyOf(offered);
                return "";
            });
            handshake.unwrap(engine, ByteBuffer.wrap(bytes));
            return handshake;
        }

        private void unwrap(SSLEngine engine, ByteBuffer bytes) {
            try {
                ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
                engine.unwrap(bytes, plain);
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                    Objects.requireNonNull(engine.getDelegatedTask()).run();
                }
                engine.wrap(
                        ByteBuffer.allocate(0),
                        ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
            } catch (SSLException refused) {
                assertThat(asked).as(refused.getMessage()).isTrue();
            }
        }

        Optional<ServerName> serverName() {
            return names.stream()
                    .map(name -> ServerName.ofSni(name.getEncoded()))
                    .findFirst();
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            ExtendedSSLSession session =
                    (ExtendedSSLSession) Objects.requireNonNull(engine).getHandshakeSession();
            asked = true;
            protocol = session.getProtocol();
            names = session.getRequestedServerNames();
            algorithms = List.of(session.getPeerSupportedSignatureAlgorithms()).stream()
                    .distinct()
                    .toList();
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
