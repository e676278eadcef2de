package dev.gatehouse.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.jetty.GatehouseConnector;
import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Target;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;

/** Origins behind TLS. */
class Http2TlsTest extends Http2Fixture {

    private static final TestCa CA = TestCa.create();
    private static final SSLContext SERVER;

    static {
        CertificateIndex certificates = CertificateIndex.create();
        certificates.add(CA.issue("app.internal"));
        SERVER = ServerTls.using(certificates).sslContext();
    }

    private int start(Server server, ServerConnector connector) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                String protocol = request.getConnectionMetaData().getProtocol();
                String scheme = request.getHttpURI().getScheme();
                response.write(true, java.nio.ByteBuffer.wrap((protocol + " " + scheme).getBytes()), callback);
                return true;
            }
        });
        server.start();
        closed(server::stop);
        return connector.getLocalPort();
    }

    private int http2() throws Exception {
        Server server = new Server();
        return start(server, GatehouseConnector.https(server, SERVER, GatehouseConnector.httpConfiguration(), 0));
    }

    private void route(int port, OriginTls tls) {
        route(Target.of("h2://127.0.0.1:" + port).withTls(tls), service -> service, transport -> transport);
    }

    @Test
    void http2IsAgreedByAlpn() throws Exception {
        route(
                http2(),
                OriginTls.builder()
                        .trustedCertificates(List.of(CA.rootCertificate()))
                        .serverName("app.internal")
                        .build());

        FakeExchange exchange = carry(FakeExchange.get("/")).await();

        assertThat(exchange.text()).isEqualTo("HTTP/2.0 https");
    }

    @Test
    void aCertificateForAnotherNameIsNotAccepted() throws Exception {
        route(
                http2(),
                OriginTls.builder()
                        .trustedCertificates(List.of(CA.rootCertificate()))
                        .serverName("other.internal")
                        .build());

        assertThat(carry(FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(warning()).contains("answered 502").containsAnyOf("TLS", "certificate");
    }

    @Test
    void aCertificateOfAnUnknownIssuerIsNotAccepted() throws Exception {
        route(
                http2(),
                OriginTls.builder()
                        .trustedCertificates(List.of(TestCa.create().rootCertificate()))
                        .serverName("app.internal")
                        .build());

        assertThat(carry(FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(warning()).contains("was not accepted: ").contains("is not trusted");
    }

    @Test
    void aTargetThatSpeaksHttp1OnlyIsToldApart() throws Exception {
        Server server = new Server();
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(SERVER);
        route(
                start(server, new ServerConnector(server, tls, new HttpConnectionFactory(new HttpConfiguration()))),
                OriginTls.builder()
                        .trustedCertificates(List.of(CA.rootCertificate()))
                        .serverName("app.internal")
                        .build());

        assertThat(carry(FakeExchange.get("/")).await().status()).isEqualTo(502);
        assertThat(warning()).contains("does not speak HTTP/2 (").contains("Write https:// for HTTP/1.1");
    }
}
