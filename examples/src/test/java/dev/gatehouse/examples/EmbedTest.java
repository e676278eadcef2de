package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.examples.embed.EmbedInJetty;
import dev.gatehouse.examples.embed.EmbedInUndertow;
import dev.gatehouse.examples.embed.EmbedWithFiles;
import dev.gatehouse.testing.AcmeTestServer;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.Credential;
import dev.gatehouse.tls.Pem;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embed programs, whose code stands in the README, serve a tenant and refuse a stranger. */
@Timeout(60)
class EmbedTest {

    private static final Set<String> TENANTS = Set.of("alpha.tenants.test");

    private final AcmeTestServer acme = AcmeTestServer.start();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        acme.close();
    }

    @Test
    void jettyServesATenantOnItsFirstVisit() throws Exception {
        Server server = EmbedInJetty.start(issuer(), folder, TENANTS, answering("from jetty"), 0, 0);
        try {
            int httpsPort = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
            acme.useHttp01Port(((ServerConnector) server.getConnectors()[1]).getLocalPort());

            assertServes(new HttpsVisitor(acme.ca().sslContext(), httpsPort), "from jetty");
        } finally {
            server.stop();
        }
    }

    @Test
    void undertowServesATenantOnItsFirstVisit() throws Exception {
        Undertow server = EmbedInUndertow.start(
                issuer(),
                folder,
                TENANTS,
                exchange -> exchange.getResponseSender().send("from undertow"),
                0,
                0);
        try {
            acme.useHttp01Port(portOf(server, 1));

            assertServes(new HttpsVisitor(acme.ca().sslContext(), portOf(server, 0)), "from undertow");
        } finally {
            server.stop();
        }
    }

    @Test
    void certificatesInAFolderAreServedAndFollowed() throws Exception {
        TestCa ca = acme.ca();
        Credential first = ca.issue("shop.example.com");
        write(first, "shop");
        write(ca.issue("admin.example.com"), "admin");
        Server server = EmbedWithFiles.start(folder, List.of(ca.rootCertificate()), answering("from files"), 0);
        try {
            int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
            HttpsVisitor visitor = new HttpsVisitor(ca.sslContext(), port);

            assertThat(visitor.get("shop.example.com", "/").body()).isEqualTo("from files");
            assertThat(visitor.get("shop.example.com", "/").certificate()).isEqualTo(first.leaf());
            assertThatThrownBy(() -> visitor.get("admin.example.com", "/")).isInstanceOf(IOException.class);

            Credential renewed = ca.issue("shop.example.com");
            write(renewed, "shop");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> newVisit(ca, port).certificate().equals(renewed.leaf()));
        } finally {
            server.stop();
        }
    }

    /** Of a client that has no session to resume, which would show the certificate of before. */
    private static HttpsVisitor.Page newVisit(TestCa ca, int port) throws IOException {
        return new HttpsVisitor(ca.sslContext(), port).get("shop.example.com", "/");
    }

    private void write(Credential credential, String name) throws IOException {
        Files.writeString(folder.resolve(name + ".key"), Pem.encode(credential.privateKey()));
        Files.writeString(folder.resolve(name + ".crt"), Pem.encode(credential.chain()));
    }

    private static Handler answering(String page) {
        return new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.wrap(page.getBytes(StandardCharsets.US_ASCII)), callback);
                return true;
            }
        };
    }

    private void assertServes(HttpsVisitor visitor, String page) throws IOException {
        assertThat(visitor.get("alpha.tenants.test", "/").body()).isEqualTo(page);
        assertThat(visitor.get("alpha.tenants.test", "/").body()).isEqualTo(page);
        assertThatThrownBy(() -> visitor.get("stranger.test", "/"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
        assertThat(acme.orders()).hasSize(1);
    }

    private AcmeIssuer issuer() {
        return AcmeIssuer.directory(acme.directoryUri()).agreeToTermsOfService();
    }

    private static int portOf(Undertow server, int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }
}
