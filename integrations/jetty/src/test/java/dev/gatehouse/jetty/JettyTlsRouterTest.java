package dev.gatehouse.jetty;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.conformance.host.RouterHostConformance;
import dev.gatehouse.conformance.host.TlsContexts;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;

class JettyTlsRouterTest extends RouterHostConformance {

    private static final TestCa CA = TestCa.create();
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();

    private static final ServerTls TLS = ServerTls.using(CERTIFICATES);

    static {
        CERTIFICATES.add(CA.issue("localhost"));
    }

    @Override
    protected RouterHost newHost() {
        return new JettyHost(TLS);
    }

    @Override
    protected TlsContexts tls() {
        return new TlsContexts(TLS.sslContext(), CA.sslContext());
    }
}
