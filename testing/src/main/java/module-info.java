/** A test CA, broken certificates, revocation, handshake probes, an in-process ACME server and a DNS server, for tests of TLS code. */
module dev.gatehouse.testing {
    requires transitive dev.gatehouse.tls;
    requires jdk.httpserver;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.dnsjava;
    requires org.jose4j;
    requires org.slf4j;
    requires static transitive org.jspecify;
    requires static org.junit.jupiter.api;

    exports dev.gatehouse.testing;
    exports dev.gatehouse.testing.junit;
}
