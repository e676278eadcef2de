package dev.gatehouse.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.acme.AcmeIssuer;
import dev.gatehouse.examples.embed.EmbedInJetty;
import dev.gatehouse.examples.embed.EmbedInUndertow;
import dev.gatehouse.testing.AcmeTestServer;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        Handler application = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.wrap("from jetty".getBytes(StandardCharsets.US_ASCII)), callback);
                return true;
            }
        };
        Server server = EmbedInJetty.start(issuer(), folder, TENANTS, application, 0, 0);
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
