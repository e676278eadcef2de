package dev.gatehouse.undertow;

import dev.gatehouse.conformance.host.RouterHost;
import dev.gatehouse.conformance.host.RouterHostConformance;
import dev.gatehouse.conformance.host.TlsContexts;
import dev.gatehouse.testing.TestCa;
import dev.gatehouse.tls.CertificateIndex;
import dev.gatehouse.tls.ServerTls;

class UndertowTlsRouterTest extends RouterHostConformance {

    private static final TestCa CA = TestCa.create();
    private static final CertificateIndex CERTIFICATES = CertificateIndex.create();

    static {
        CERTIFICATES.add(CA.issue("localhost"));
    }

    @Override
    protected RouterHost newHost() {
        return new UndertowHost();
    }

    @Override
    protected TlsContexts tls() {
        return new TlsContexts(ServerTls.using(CERTIFICATES).sslContext(), CA.sslContext());
    }

    /** Undertow takes {@code :scheme} and {@code :path} of a {@code CONNECT} for malformed. */
    @Override
    protected boolean takesExtendedConnect() {
        return false;
    }
}
