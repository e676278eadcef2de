package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.OriginTls;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.TestOrigin;
import dev.gatehouse.testing.CertificateMaterial;
import dev.gatehouse.testing.TestCa;
import java.util.function.UnaryOperator;

/** What the tests of origins with TLS share: an authority, the settings that trust it, and origins that answer. */
abstract class TlsFixture extends PlaneFixture {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    static final String NAME = "app.shop.example.com";
    static final TestCa CA = TestCa.create();

    static final TestOrigin.Script ANSWERING = connection -> {
        while (connection.hasMore()) {
            connection.readRequest();
            connection.send(OK);
        }
    };

    static CertificateMaterial server() {
        return CertificateMaterial.of(CA.issue(NAME, "127.0.0.1"));
    }

    static OriginTls tls(UnaryOperator<OriginTls.Builder> settings) {
        return settings.apply(OriginTls.builder().trustedCertificates(CA.rootPem()))
                .build();
    }

    static Service service(TestOrigin origin, OriginTls tls) {
        return service(origin, tls, settings -> settings);
    }

    static Service service(TestOrigin origin, OriginTls tls, UnaryOperator<Service.Builder> settings) {
        Target target = Target.of("https://" + origin.address()).withTls(tls);
        return settings.apply(Service.named("api").target(target)).build();
    }

    FakeExchange get(TestOrigin origin, OriginTls tls) {
        return carry(service(origin, tls), FakeExchange.get("/")).await();
    }

    void awaitLog(String regex) {
        assertThat(logs.lines()).anyMatch(line -> line.matches("WARN api: https://127.0.0.1:\\d+" + regex));
    }
}
